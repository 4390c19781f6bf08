import { Fragment } from "react";
import type { Gap, Shard } from "../api/types";
import { count, counted, duration, NONE, shardNumber, shortCount, time } from "../text/format";
import { Empty, Tag } from "../ui/states";
import { trimTone } from "./trim";

/**
 * Per shard: what is archived, left of the seam, and what is only in the stream, right of it. Both
 * sides have one scale each, by the shard that has most.
 */
export function Reservoir({ shards, gaps }: { shards: Shard[]; gaps: Gap[] }) {
  if (shards.length === 0) {
    return (
      <Empty title="No shards yet">
        <p>The first commit of an archiver writes them.</p>
      </Empty>
    );
  }
  const most = Math.max(1, ...shards.map((shard) => shard.records));
  const mostLive = Math.max(1, ...shards.map(live));
  return (
    <>
      <div className="reservoir-grid" role="table" aria-label="Shards around the seam">
        <div role="row" style={{ display: "contents" }}>
          <div className="head" role="columnheader">
            Shard
          </div>
          <div className="head archived" role="columnheader">
            archived
          </div>
          <div className="head live" role="columnheader">
            live
          </div>
          <div className="head" role="columnheader">
            To trim
          </div>
        </div>
        {shards.map((shard) => (
          <Fragment key={`${shard.incarnation}/${shard.shard}`}>
            <Row shard={shard} gaps={gaps.filter((gap) => gap.shard === shard.shard && gap.incarnation === shard.incarnation)} most={most} mostLive={mostLive} />
          </Fragment>
        ))}
      </div>
      <div className="legend" aria-hidden="true">
        <span>
          <i className="archive" />
          archived
        </span>
        <span>
          <i className="seam" />
          seam: archived through here
        </span>
        <span>
          <i className="live" />
          live, only in the stream
        </span>
        <span>
          <i className="gap" />
          gap: trimmed before it was archived
        </span>
      </div>
    </>
  );
}

function live(shard: Shard): number {
  return shard.live_records ?? shard.waiting_records ?? 0;
}

function Row({ shard, gaps, most, mostLive }: { shard: Shard; gaps: Gap[]; most: number; mostLive: number }) {
  const waiting = live(shard);
  const known = shard.waiting_records !== null || shard.live_records != null;
  const { tone } = trimTone(shard.time_to_trim_seconds);
  return (
    <div role="row" style={{ display: "contents" }}>
      <div className="cell shard-name" role="cell" title={shardTitle(shard)}>
        <span className="mono">{shardNumber(shard.shard)}</span>
        {shard.state === "ended" && <Tag>ended</Tag>}
        {shard.state === "start" && <Tag>new</Tag>}
      </div>
      <div className="cell bars archived" role="cell" data-ended={shard.state === "ended" ? "" : undefined} title={archiveTitle(shard)}>
        <span className="amount">{count(shard.records)}</span>
        {shard.records > 0 && (
          <div className="water" style={{ width: `${6 + 64 * (shard.records / most)}%` }}>
            {gaps.length > 0 && <div className="gap-mark" title={counted(gaps.length, "gap")} />}
          </div>
        )}
        {shard.records === 0 && gaps.length > 0 && <Tag tone="danger">{counted(gaps.length, "gap")}</Tag>}
      </div>
      <div className="cell bars live" role="cell" title={shard.problem ?? liveTitle(shard)}>
        {waiting > 0 && <div className="water" style={{ width: `${4 + 56 * (waiting / mostLive)}%` }} />}
        <span className="amount">
          {shard.problem ? (
            <Tag tone="danger">not read</Tag>
          ) : shard.state === "ended" ? (
            ""
          ) : known ? (
            `${shortCount(waiting)}${shard.waiting_more ? "+" : ""}`
          ) : (
            NONE
          )}
        </span>
      </div>
      <div className="cell trim" role="cell" data-tone={tone}>
        {duration(shard.time_to_trim_seconds)}
      </div>
    </div>
  );
}

function shardTitle(shard: Shard): string {
  const parents = shard.parents.map(shardNumber).join(" and ");
  return [shard.shard, parents && `child of ${parents}`, shard.incarnation].filter(Boolean).join("\n");
}

function archiveTitle(shard: Shard): string {
  return [
    `${counted(shard.records, "record")} archived`,
    shard.position && `seam at ${shard.position}`,
    shard.last_arrival && `last arrival ${time(shard.last_arrival)}`,
  ]
    .filter(Boolean)
    .join("\n");
}

function liveTitle(shard: Shard): string {
  return `${counted(live(shard), "record")} wait, the oldest for ${duration(shard.lag_seconds)}`;
}
