import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import type { Cell, Column } from "../api/types";
import { count } from "../text/format";
import { reveal, visible } from "../text/payload";
import { CopyButton, Dialog } from "../ui/controls";
import { copyText } from "../ui/copyText";
import { ProblemBox } from "../ui/states";
import { cellText, columnChars, isNumeric } from "./cells";
import type { Rows } from "./rows";

const ROW = 26;
const HEAD = 30;
const CHAR = 7.6;
const PADDING = 20;
/** More rows than a browser can scroll to; the export has them all. */
const MAX_ROWS = 1_000_000;
const CELL_CHARS = 400;

type Place = { row: number; column: number };

/** A table of any length: only what is in view is fetched and drawn. Arrow keys move, Enter opens. */
export function ResultGrid({ columns, total, rows }: { columns: Column[]; total: number; rows: Rows }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 });
  const [opened, setOpened] = useState<Place | undefined>(undefined);
  const amount = Math.min(total, MAX_ROWS);
  const firstRows = rows.row(0) !== undefined;
  const widths = useMemo(
    () => columnChars(columns, Array.from({ length: Math.min(100, amount) }, (_, at) => rows.row(at))).map((chars) => Math.ceil(chars * CHAR) + PADDING),
    [columns, amount, firstRows],
  );
  const number = Math.ceil(String(amount).length * CHAR) + PADDING;
  const vertical = useVirtualizer({ count: amount, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10, scrollPaddingStart: HEAD });
  const horizontal = useVirtualizer({ horizontal: true, count: columns.length, getScrollElement: () => scroller.current, estimateSize: (at) => widths[at] ?? 100, overscan: 3, paddingStart: number, scrollPaddingStart: number });
  useEffect(() => horizontal.measure(), [widths, horizontal]);
  const lines = vertical.getVirtualItems();
  const shown = horizontal.getVirtualItems();
  const first = lines[0]?.index ?? 0;
  const last = lines[lines.length - 1]?.index ?? 0;
  useEffect(() => {
    if (amount > 0) {
      rows.want(first, last);
    }
  }, [first, last, amount, rows]);

  const go = (row: number, column: number) => {
    const next = { row: clamp(row, amount), column: clamp(column, columns.length) };
    setPlace(next);
    vertical.scrollToIndex(next.row);
    horizontal.scrollToIndex(next.column);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 2);
    const far = e.ctrlKey || e.metaKey;
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(far ? amount - 1 : place.row + 1, place.column),
      ArrowUp: () => go(far ? 0 : place.row - 1, place.column),
      ArrowRight: () => go(place.row, far ? columns.length - 1 : place.column + 1),
      ArrowLeft: () => go(place.row, far ? 0 : place.column - 1),
      PageDown: () => go(place.row + page, place.column),
      PageUp: () => go(place.row - page, place.column),
      Home: () => go(far ? 0 : place.row, 0),
      End: () => go(far ? amount - 1 : place.row, columns.length - 1),
      Enter: () => setOpened(place),
    };
    if (far && e.key === "c" && window.getSelection()?.isCollapsed !== false) {
      void copyText(cellText(rows.row(place.row)?.[place.column]));
      return;
    }
    const step = steps[e.key];
    if (step) {
      e.preventDefault();
      step();
    }
  };

  const openedColumn = opened && columns[opened.column];
  return (
    <>
      {rows.problem && <ProblemBox problem={rows.problem} />}
      <div
        ref={scroller}
        className="grid"
        role="grid"
        aria-label="Result"
        aria-rowcount={amount + 1}
        aria-colcount={columns.length}
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={amount > 0 ? `cell-${place.row}-${place.column}` : undefined}
      >
        <div className="grid-space" role="presentation" style={{ height: vertical.getTotalSize() + HEAD, width: horizontal.getTotalSize() }}>
          <div className="grid-head" role="row" aria-rowindex={1} style={{ height: HEAD }}>
            <span className="corner" role="presentation" style={{ width: number }} />
            {shown.map((column) => (
              <span key={column.key} role="columnheader" aria-colindex={column.index + 1} className={columns[column.index] && isNumeric(columns[column.index] as Column) ? "cell number" : "cell"} style={{ left: column.start, width: column.size }} title={`${columns[column.index]?.name}\n${columns[column.index]?.type}`}>
                <b className="cut">{visible(columns[column.index]?.name ?? "")}</b> <i>{columns[column.index]?.type.slice(0, 12).toLowerCase()}</i>
              </span>
            ))}
          </div>
          {lines.map((line) => (
            <GridRow
              key={line.key}
              index={line.index}
              row={rows.row(line.index)}
              top={line.start + HEAD}
              numberWidth={number}
              columns={columns}
              shown={shown}
              active={place.row === line.index ? place.column : -1}
              onPlace={setPlace}
              onOpen={setOpened}
            />
          ))}
        </div>
      </div>
      {total > MAX_ROWS && <p className="dim body">The first {count(MAX_ROWS)} rows; the export has all.</p>}
      {opened && openedColumn && (
        <Dialog title={`${openedColumn.name}, row ${count(opened.row + 1)}`} onClose={() => setOpened(undefined)}>
          <div className="row">
            <span className="dim">{openedColumn.type}</span>
            <span className="push" />
            <CopyButton text={cellText(rows.row(opened.row)?.[opened.column])} label="Copy the value">
              Copy
            </CopyButton>
          </div>
          <pre className="cell-value">{reveal(cellText(rows.row(opened.row)?.[opened.column])) || "NULL or empty"}</pre>
        </Dialog>
      )}
    </>
  );
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}

type RowProps = {
  index: number;
  /** Undefined while it is on its way. */
  row: Cell[] | undefined;
  top: number;
  numberWidth: number;
  columns: Column[];
  shown: VirtualItem[];
  /** The chosen column, if it is in this row, else -1. */
  active: number;
  onPlace: (place: Place) => void;
  onOpen: (place: Place) => void;
};

/** Drawn again only when something of it changed: scrolling draws the rows that come into view. */
const GridRow = memo(function GridRow({ index, row, top, numberWidth, columns, shown, active, onPlace, onOpen }: RowProps) {
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row" style={{ transform: `translateY(${top}px)`, height: ROW }}>
      <span className="line-number" role="presentation" style={{ width: numberWidth }}>
        {index + 1}
      </span>
      {shown.map((item) => {
        const column = columns[item.index];
        const value = row?.[item.index];
        const place = { row: index, column: item.index };
        return (
          <span
            key={item.key}
            id={`cell-${index}-${item.index}`}
            role="gridcell"
            aria-colindex={item.index + 1}
            aria-selected={active === item.index}
            className={column && isNumeric(column) ? "cell number" : "cell"}
            data-null={row !== undefined && value === null ? "" : undefined}
            style={{ left: item.start, width: item.size }}
            onClick={() => onPlace(place)}
            onDoubleClick={() => onOpen(place)}
          >
            {row === undefined ? "…" : value === null || value === undefined ? "NULL" : visible(cellText(value).slice(0, CELL_CHARS))}
          </span>
        );
      })}
    </div>
  );
});
