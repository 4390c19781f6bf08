import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { StreamRecord } from "../api/types";
import { bytes, clock, day, shardNumber } from "../text/format";
import { oneLine, visible } from "../text/payload";

type Props = {
  records: StreamRecord[];
  selected: string | null;
  onSelect: (position: string) => void;
  onClose: () => void;
  /** Called when the end comes into view. */
  onEnd?: () => void;
  /** Whether it stays at its end while records come. */
  follow?: boolean;
};

const ROW = 28;
const PREVIEW_CHARS = 300;

/** Records as lines; arrow keys choose one. The seam is a line between two of them. */
export function RecordList({ records, selected, onSelect, onClose, onEnd, follow }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: records.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const items = virtual.getVirtualItems();
  const lastShown = items[items.length - 1]?.index ?? -1;
  const at = records.findIndex((record) => record.position === selected);

  useEffect(() => {
    if (lastShown >= records.length - 20) {
      onEnd?.();
    }
  }, [lastShown, records.length, onEnd]);

  useEffect(() => {
    if (follow && records.length > 0) {
      virtual.scrollToIndex(records.length - 1);
    }
  }, [follow, records]);

  const move = (to: number) => {
    const record = records[Math.max(0, Math.min(records.length - 1, to))];
    if (record) {
      onSelect(record.position);
      virtual.scrollToIndex(records.indexOf(record));
    }
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(at + 1),
      j: () => move(at + 1),
      ArrowUp: () => move(at < 0 ? 0 : at - 1),
      k: () => move(at < 0 ? 0 : at - 1),
      PageDown: () => move(at + page),
      PageUp: () => move(at - page),
      Home: () => move(0),
      End: () => move(records.length - 1),
      Escape: onClose,
    };
    const step = e.metaKey || e.ctrlKey || e.altKey ? undefined : steps[e.key];
    if (step) {
      e.preventDefault();
      step();
    }
  };

  return (
    <div ref={scroller} className="record-list" role="listbox" aria-label="Records" tabIndex={0} onKeyDown={onKeyDown} aria-activedescendant={at >= 0 ? `record-${at}` : undefined}>
      <div className="record-space" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const record = records[item.index];
          return record ? (
            <div
              key={item.key}
              id={`record-${item.index}`}
              role="option"
              aria-selected={item.index === at}
              aria-setsize={records.length}
              aria-posinset={item.index + 1}
              className="record"
              data-side={record.side}
              data-seam={seam(records[item.index - 1], record) ? "" : undefined}
              style={{ transform: `translateY(${item.start}px)`, height: ROW }}
              onClick={() => {
                onSelect(record.position);
                scroller.current?.focus({ preventScroll: true });
              }}
            >
              <Line record={record} before={records[item.index - 1]} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}

function seam(before: StreamRecord | undefined, record: StreamRecord): boolean {
  return before !== undefined && before.side !== record.side;
}

function Line({ record, before }: { record: StreamRecord; before: StreamRecord | undefined }) {
  const sameDay = before !== undefined && day(before.arrival_time) === day(record.arrival_time);
  return (
    <>
      <span className="side" title={record.side === "live" ? "live: only in the stream" : "archived"}>
        <span className="visually-hidden">{record.side}</span>
      </span>
      <span className="mono time">
        <span className={sameDay ? "day same" : "day"}>{day(record.arrival_time)} </span>
        {clock(record.arrival_time)}
      </span>
      <span className="mono shard" title={record.shard}>
        {shardNumber(record.shard)}
      </span>
      <span className="mono key cut">{visible(record.partition_key)}</span>
      <span className="size">{bytes(record.bytes)}</span>
      <span className="mono payload cut">{oneLine(record, PREVIEW_CHARS)}</span>
    </>
  );
}
