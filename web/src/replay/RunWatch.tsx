import { useMemo } from "react";
import type { Progress, Replay } from "../api/types";
import { bytes, count, counted, duration, percent, rate, shardNumber } from "../text/format";
import { Chart, type ChartSeries } from "../ui/Chart";
import { Figures, Panel, ProgressBar, Tag } from "../ui/states";
import type { Watched } from "./useProgress";

const HOT = 0.5;

/** How far a run came, and, while it runs here, how fast and against what. */
export function RunWatch({ replay, watched, progress }: { replay: Replay; watched: Watched; progress: Progress | undefined }) {
  const running = replay.state === "running";
  const acknowledged = Math.max(replay.acknowledged, running ? (progress?.acknowledged ?? 0) : 0);
  const planned = replay.planned;
  const fraction = planned > 0 ? acknowledged / planned : replay.state === "finished" ? 1 : 0;
  const series = useMemo<ChartSeries[]>(() => [{ name: "acknowledged", color: "--live", values: watched.rates, format: rate, fill: true }], [watched.rates]);
  return (
    <Panel
      title={running ? "Running" : `Run ${replay.run}`}
      actions={
        running && watched.connection === "lost" ? (
          <Tag tone="danger">connection lost, reconnecting</Tag>
        ) : running && !progress ? (
          <span className="dim">waiting for a sign of its process</span>
        ) : undefined
      }
    >
      <div className="body run-watch">
        <p>
          <strong className="big">{percent(fraction)}</strong>{" "}
          <span role="status">
            {count(acknowledged)} of {count(planned)} acknowledged
          </span>
        </p>
        <ProgressBar fraction={fraction} label="Acknowledged records" />
        <Figures
          figures={[
            { name: "rate", value: rate(running ? progress?.records_per_second : null) },
            { name: "time left", value: duration(running ? progress?.eta_seconds : null) },
            { name: "sent", value: bytes(progress?.bytes) },
            { name: "throttles", value: count(progress?.throttles), ...((progress?.throttles ?? 0) > 0 ? { tone: "warn" as const } : {}) },
            { name: "retries", value: count(progress?.retries) },
            { name: "too large, left out", value: count(replay.skipped_oversize) },
            { name: "maybe twice", value: count(replay.possible_duplicates) },
            { name: "order violations", value: count(replay.order_violations), ...(replay.order_violations > 0 ? { tone: "danger" as const } : {}) },
          ]}
        />
        {running && (progress?.hot_key_share ?? 0) > HOT && (
          <p>
            <Tag tone="warn">one key sets the pace</Tag> {percent(progress?.hot_key_share ?? 0)} of what waits has one key, and a key's records go one by one.
          </p>
        )}
        {watched.times.length > 1 && <Chart label="Acknowledged records a second" x={watched.times} series={series} height={150} />}
        {progress && progress.shards.length > 0 && running && <ShardPace shards={progress.shards} />}
        {progress && progress.shards_left_out > 0 && running && <p className="dim">and {counted(progress.shards_left_out, "shard")} that take less</p>}
      </div>
    </Panel>
  );
}

function ShardPace({ shards }: { shards: Progress["shards"] }) {
  return (
    <div className="scroll-x">
    <table className="table" aria-label="Pace per shard of the target">
      <thead>
        <tr>
          <th>Target shard</th>
          <th className="number">Rate</th>
          <th className="number">Bytes</th>
          <th>Share of its quota</th>
          <th className="number">Throttled</th>
        </tr>
      </thead>
      <tbody>
        {shards.map((shard) => (
          <tr key={shard.shard}>
            <td className="mono" title={shard.shard}>
              {shardNumber(shard.shard)}
            </td>
            <td className="number">{rate(shard.records_per_second)}</td>
            <td className="number">{bytes(shard.bytes_per_second)}/s</td>
            <td>
              <div className="share">
                <ProgressBar fraction={shard.share} label={`Share of shard ${shardNumber(shard.shard)}`} />
                {percent(shard.share)}
              </div>
            </td>
            <td className="number">{shard.throttled > 0 ? <Tag tone="warn">{counted(shard.throttled, "time")}</Tag> : "0"}</td>
          </tr>
        ))}
      </tbody>
    </table>
    </div>
  );
}
