import { useEffect, useMemo, useState } from "react";
import { asProblem, type Problem, request, segment } from "../api/http";
import type { Cell, Column, RowPage } from "../api/types";
import { count } from "../text/format";
import { visible } from "../text/payload";
import { Chart, type ChartSeries } from "../ui/Chart";
import { Select } from "../ui/controls";
import { Empty, Loading, ProblemBox } from "../ui/states";
import { cellText, isNumeric, isTime, numberOf } from "./cells";

const MAX_POINTS = 5000;
const MAX_NAMES = 60;
type Kind = "line" | "bars" | "points";

/** A quick look at a result: one column over another. */
export function ResultChart({ statement, columns, total }: { statement: string; columns: Column[]; total: number }) {
  const [rows, setRows] = useState<Cell[][]>();
  const [problem, setProblem] = useState<Problem>();
  const numeric = columns.flatMap((column, at) => (isNumeric(column) ? [at] : []));
  const [y, setY] = useState(numeric[numeric.length - 1] ?? -1);
  const [x, setX] = useState(() => Math.max(0, columns.findIndex((column, at) => at !== y && (isTime(column) || !isNumeric(column)))));
  const [kind, setKind] = useState<Kind>(() => (columns[x] && isTime(columns[x] as Column) ? "line" : "bars"));

  useEffect(() => {
    const abort = new AbortController();
    request<RowPage>(`/statements/${segment(statement)}/rows`, { query: { offset: 0, limit: MAX_POINTS }, signal: abort.signal })
      .then((page) => setRows(page.rows))
      .catch((e: unknown) => !abort.signal.aborted && setProblem(asProblem(e)));
    return () => abort.abort();
  }, [statement]);

  const plotted = useMemo(() => rows && points(rows, columns, x, y), [rows, columns, x, y]);
  const yName = columns[y]?.name ?? "";
  const series = useMemo<ChartSeries[]>(
    () => [{ name: yName, color: "--archive", kind, values: plotted?.y ?? [], format: (v) => (v === null ? "–" : v.toLocaleString("en-US", { maximumFractionDigits: 6 })), fill: kind === "line" }],
    [plotted, yName, kind],
  );
  if (y < 0) {
    return <Empty title="No numbers to draw">A chart needs a column of numbers.</Empty>;
  }
  const choices = columns.map((column, at) => ({ id: String(at), text: column.name, hint: column.type }));
  return (
    <div className="result-chart">
      <div className="row">
        <Select label="Across" value={String(x)} choices={choices} onChange={(id) => setX(Number(id))} />
        <Select label="Up" value={String(y)} choices={choices.filter((_, at) => numeric.includes(at))} onChange={(id) => setY(Number(id))} />
        <Select
          label="As"
          value={kind}
          choices={[
            { id: "line", text: "line" },
            { id: "bars", text: "bars" },
            { id: "points", text: "points" },
          ]}
          onChange={(id) => setKind(id as Kind)}
        />
        {total > MAX_POINTS && <span className="dim">of the first {count(MAX_POINTS)} rows</span>}
      </div>
      {problem && <ProblemBox problem={problem} />}
      {!rows && !problem && <Loading />}
      {plotted && (
        <Chart label={`${yName} by ${columns[x]?.name}`} x={plotted.x} series={series} height={300} time={columns[x] !== undefined && isTime(columns[x] as Column)} {...(plotted.names ? { names: plotted.names } : {})} />
      )}
    </div>
  );
}

function points(rows: Cell[][], columns: Column[], x: number, y: number): { x: number[]; y: (number | null)[]; names?: string[] } {
  const across = columns[x];
  const up = columns[y];
  if (!across || !up) {
    return { x: [], y: [] };
  }
  if (!isNumeric(across) && !isTime(across)) {
    const shown = rows.slice(0, MAX_NAMES);
    return { x: shown.map((_, at) => at), y: shown.map((row) => numberOf(up, row[y])), names: shown.map((row) => visible(cellText(row[x])).slice(0, 18)) };
  }
  const found = rows
    .flatMap((row) => {
      const at = numberOf(across, row[x]);
      return at === null ? [] : [{ at, value: numberOf(up, row[y]) }];
    })
    .sort((a, b) => a.at - b.at);
  return { x: found.map((point) => point.at), y: found.map((point) => point.value) };
}
