import { useMemo } from "react";
import { request, segment } from "../api/http";
import type { Sample } from "../api/types";
import { useResource } from "../api/useResource";
import { useQueryState } from "../app/useQueryState";
import { bytes, duration, rate } from "../text/format";
import { Chart, type ChartSeries } from "../ui/Chart";
import { Select } from "../ui/controls";
import { Empty, Loading, Panel, ProblemBox } from "../ui/states";

type History = { interval_seconds: number; samples: Sample[] };

const SPANS = [
  { id: "15", text: "15 minutes" },
  { id: "60", text: "1 hour" },
  { id: "360", text: "6 hours" },
  { id: "1440", text: "1 day" },
];

/** Rate and lag over time, from the server's memory. */
export function Rates({ stream }: { stream: string }) {
  const [query, change] = useQueryState();
  const minutes = query.get("minutes") ?? "60";
  const history = useResource(
    `history/${stream}/${minutes}`,
    (signal) => request<History>(`/streams/${segment(stream)}/history`, { query: { minutes }, signal }),
    { every: 5000 },
  );
  const samples = history.value?.samples;
  const x = useMemo(() => samples?.map((s) => Date.parse(s.time) / 1000) ?? [], [samples]);
  const rates = useMemo<ChartSeries[]>(
    () => [
      { name: "records", color: "--archive", values: samples?.map((s) => s.records_per_second) ?? [], format: rate, fill: true },
      { name: "bytes", color: "--code-keyword", values: samples?.map((s) => s.bytes_per_second) ?? [], format: (v) => `${bytes(v)}/s`, scale: "bytes" },
    ],
    [samples],
  );
  const lag = useMemo<ChartSeries[]>(
    () => [{ name: "lag", color: "--live", values: samples?.map((s) => s.lag_seconds) ?? [], format: duration, fill: true }],
    [samples],
  );
  return (
    <Panel title="Rate and lag" actions={<Select label="Time span" hidden value={minutes} choices={SPANS} onChange={(id) => change({ minutes: id })} />}>
      <div className="body">
        {history.problem && !samples && <ProblemBox problem={history.problem} onRetry={history.reload} />}
        {!samples && !history.problem && <Loading />}
        {samples && samples.length < 2 && (
          <Empty title="No samples yet">
            <p>The server takes one every few seconds, from when it started.</p>
          </Empty>
        )}
        {samples && samples.length >= 2 && (
          <>
            <Chart label="Records and bytes a second over time" x={x} series={rates} />
            <Chart label="Lag over time" x={x} series={lag} height={130} />
          </>
        )}
      </div>
    </Panel>
  );
}
