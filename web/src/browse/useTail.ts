import { useEffect, useRef, useState } from "react";
import { type Connection, subscribe } from "../api/events";
import { type Problem, problemFrom, segment } from "../api/http";
import type { StreamRecord } from "../api/types";
import { shardNumber } from "../text/format";
import { type Filters, tailQuery } from "./filters";

export type Tail = {
  records: StreamRecord[];
  connection: Connection;
  problem: Problem | undefined;
  /** Records that came while it was paused. */
  waiting: number;
  /** Records that were too many to be kept or sent. */
  skipped: number;
  /** What the server says besides: gaps, reconnects to the stream. */
  notices: string[];
};

const NOTHING: Tail = { records: [], connection: "connecting", problem: undefined, waiting: 0, skipped: 0, notices: [] };
const KEPT_NOTICES = 5;
const KEPT = 5000;
const PAINT_MILLIS = 120;

/** Records as they come, oldest first; the last few thousand are kept. */
export function useTail(filters: Filters, enabled: boolean, paused: boolean): Tail {
  const key = JSON.stringify([filters.stream, tailQuery(filters)]);
  const [tail, setTail] = useState(NOTHING);
  const pending = useRef<StreamRecord[]>([]);
  const held = useRef(paused);
  held.current = paused;

  useEffect(() => {
    if (!enabled || filters.stream === "") {
      return;
    }
    pending.current = [];
    const seen = new Set<string>();
    let last: string | undefined;
    setTail(NOTHING);
    const paint = setInterval(() => setTail((old) => painted(old, pending.current, held.current)), PAINT_MILLIS);
    const stop = subscribe({
      path: `/streams/${segment(filters.stream)}/tail`,
      // When the connection was lost it goes on at the time of the last record; what came twice is dropped.
      query: () => ({ ...tailQuery(filters), ...(last === undefined ? {} : { from: last }) }),
      onState: (connection, problem) => setTail((old) => ({ ...old, connection, problem })),
      onEvent: (event, data) => {
        if (event === "record") {
          const record: StreamRecord = { side: "live", ...(data as Omit<StreamRecord, "side">) };
          if (seen.has(record.position)) {
            return;
          }
          last = record.arrival_time;
          remember(seen, record.position);
          pending.current.push(record);
          if (pending.current.length > KEPT) {
            pending.current.shift();
            setTail((old) => ({ ...old, skipped: old.skipped + 1 }));
          }
        } else if (event === "skipped") {
          setTail((old) => ({ ...old, skipped: old.skipped + (data as { records: number }).records }));
        } else if (event === "gap" || event === "notice") {
          setTail((old) => ({ ...old, notices: [...old.notices, noticeOf(event, data)].slice(-KEPT_NOTICES) }));
        } else if (event === "problem") {
          setTail((old) => ({ ...old, problem: problemFrom(data as Record<string, unknown>) }));
        }
      },
    });
    return () => {
      stop();
      clearInterval(paint);
    };
  }, [key, enabled]);
  return tail;
}

function noticeOf(event: "gap" | "notice", data: unknown): string {
  if (event === "notice") {
    return (data as { text: string }).text;
  }
  const gap = data as { shard: string; reason: string };
  return `Gap in shard ${shardNumber(gap.shard)}: ${gap.reason}`;
}

function remember(seen: Set<string>, position: string) {
  seen.add(position);
  if (seen.size > KEPT) {
    for (const oldest of seen) {
      seen.delete(oldest);
      break;
    }
  }
}

function painted(old: Tail, pending: StreamRecord[], paused: boolean): Tail {
  if (paused || pending.length === 0) {
    return old.waiting === pending.length ? old : { ...old, waiting: pending.length };
  }
  const records = [...old.records, ...pending.splice(0)];
  return { ...old, records: records.slice(-KEPT), waiting: 0 };
}
