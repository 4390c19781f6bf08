import { useMemo } from "react";
import { request, segment } from "../api/http";
import type { Snapshot } from "../api/types";
import { useResource } from "../api/useResource";
import { bytes, count, shortCount } from "../text/format";
import { Chart, type ChartSeries } from "../ui/Chart";
import { Empty, Loading, Panel, ProblemBox } from "../ui/states";

/** Bytes and files over the table's snapshots: compaction shows as fewer files. */
export function Growth({ stream }: { stream: string }) {
  const growth = useResource(
    `growth/${stream}`,
    (signal) => request<{ snapshots: Snapshot[] }>(`/streams/${segment(stream)}/growth`, { signal }),
    { every: 30_000 },
  );
  const snapshots = growth.value?.snapshots;
  const x = useMemo(() => snapshots?.map((s) => Date.parse(s.time) / 1000) ?? [], [snapshots]);
  const size = useMemo<ChartSeries[]>(
    () => [
      { name: "bytes", color: "--archive", values: snapshots?.map((s) => s.bytes) ?? [], format: bytes, fill: true },
      { name: "records", color: "--code-keyword", values: snapshots?.map((s) => s.rows) ?? [], format: shortCount, scale: "rows" },
    ],
    [snapshots],
  );
  const files = useMemo<ChartSeries[]>(
    () => [{ name: "files", color: "--ink-dim", values: snapshots?.map((s) => s.files) ?? [], format: count, fill: true }],
    [snapshots],
  );
  return (
    <Panel title="Growth" actions={<span className="dim">by the snapshots that the table keeps</span>}>
      <div className="body">
        {growth.problem && !snapshots && <ProblemBox problem={growth.problem} onRetry={growth.reload} />}
        {!snapshots && !growth.problem && <Loading />}
        {snapshots && snapshots.length < 2 && <Empty title="Fewer than two snapshots yet" />}
        {snapshots && snapshots.length >= 2 && (
          <>
            <Chart label="Bytes and records in the table over time" x={x} series={size} />
            <Chart label="Files in the table over time" x={x} series={files} height={130} />
          </>
        )}
      </div>
    </Panel>
  );
}
