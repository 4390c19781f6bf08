import { Link } from "wouter";
import { request, segment } from "../api/http";
import { useLive } from "../api/live";
import type { StreamSummary } from "../api/types";
import { useResource } from "../api/useResource";
import { usePageTitle } from "../app/usePageTitle";
import { ago, bytes, count, duration, NONE, rate } from "../text/format";
import { Empty, Figures, Loading, Panel, ProblemBox, Tag } from "../ui/states";
import { useNow } from "../ui/useNow";
import { ArchivingTag } from "./ArchivingTag";
import { incoming } from "./incoming";
import { trimTone } from "./trim";

/** All streams of the reservoir, as they are now. */
export default function StreamsPage() {
  usePageTitle("Streams");
  const live = useLive();
  const asked = useResource("streams", (signal) => request<{ streams: StreamSummary[] }>("/streams", { signal }));
  const streams = live.streams ?? asked.value?.streams;
  return (
    <main className="main">
      <div className="page-head">
        <h1>Streams</h1>
      </div>
      {asked.problem && !streams && <ProblemBox problem={asked.problem} onRetry={asked.reload} />}
      {!streams && !asked.problem && <Loading />}
      {streams?.length === 0 && (
        <Panel>
          <Empty title="No streams yet">
            <p>
              Name them under <code>streams:</code> in <code>watershed.yaml</code>, or let <code>watershed init</code> write the file; then start the server again.
            </p>
          </Empty>
        </Panel>
      )}
      {streams && streams.length > 0 && (
        <>
          <Totals streams={streams} />
          <StreamTable streams={streams} />
        </>
      )}
    </main>
  );
}

function Totals({ streams }: { streams: StreamSummary[] }) {
  const sum = (value: (stream: StreamSummary) => number | null) => streams.reduce((total, stream) => total + (value(stream) ?? 0), 0);
  const trims = streams.flatMap((s) => s.time_to_trim_seconds ?? []);
  const lags = streams.flatMap((s) => s.lag_seconds ?? []);
  const trim = trims.length > 0 ? Math.min(...trims) : null;
  const gaps = sum((s) => s.gaps);
  return (
    <Figures
      figures={[
        { name: "archived records", value: count(sum((s) => s.rows)) },
        { name: "in files", value: bytes(sum((s) => s.bytes)), title: `${count(sum((s) => s.files))} files` },
        { name: "records coming in", value: rate(sum(incoming)) },
        { name: "greatest lag", value: duration(lags.length > 0 ? Math.max(...lags) : null) },
        { name: "least time to trim", value: duration(trim), ...trimTone(trim) },
        { name: "gaps", value: count(gaps), ...(gaps > 0 ? { tone: "danger" as const } : {}) },
      ]}
    />
  );
}

function StreamTable({ streams }: { streams: StreamSummary[] }) {
  const now = useNow(5000);
  return (
    <Panel label="Streams">
      <div className="scroll-x">
        <table className="table cards">
          <thead>
            <tr>
              <th>Stream</th>
              <th>Archiving</th>
              <th className="number">Records</th>
              <th className="number">Rate</th>
              <th className="number">Lag</th>
              <th className="number">Time to trim</th>
              <th className="number">Files</th>
              <th className="number">Size</th>
              <th className="number">Shards</th>
              <th className="number">Gaps</th>
              <th>Last commit</th>
            </tr>
          </thead>
          <tbody>
            {streams.map((stream) => (
              <tr key={stream.stream}>
                <td className="whole">
                  <Link href={`/streams/${segment(stream.stream)}`} className="stream-name">
                    {stream.stream}
                  </Link>
                  {!stream.configured && <Tag>only archived</Tag>}
                </td>
                <td className="whole">
                  <ArchivingTag stream={stream} />
                </td>
                <td className="number" data-name="records">
                  {count(stream.rows)}
                </td>
                <td className="number" data-name="rate">
                  {rate(incoming(stream))}
                </td>
                <td className="number" data-name="lag">
                  {duration(stream.lag_seconds)}
                </td>
                <td className="number" data-name="to trim">
                  <TrimTag seconds={stream.time_to_trim_seconds} />
                </td>
                <td className="number" data-name="files">
                  {count(stream.files)}
                </td>
                <td className="number" data-name="size">
                  {bytes(stream.bytes)}
                </td>
                <td className="number" data-name="shards" title={`${stream.shards_ended} ended`}>
                  {count(stream.shards - stream.shards_ended)}
                  {stream.shards_ended > 0 && <span className="dim"> +{stream.shards_ended}</span>}
                </td>
                <td className="number" data-name="gaps">
                  {stream.gaps > 0 ? <Tag tone="danger">{count(stream.gaps)}</Tag> : "0"}
                </td>
                <td className="whole" data-name="commit" title={stream.last_commit ?? ""}>
                  {ago(stream.last_commit, now)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function TrimTag({ seconds }: { seconds: number | null }) {
  if (seconds === null) {
    return NONE;
  }
  const { tone } = trimTone(seconds);
  return tone ? <Tag tone={tone}>{duration(seconds)}</Tag> : duration(seconds);
}
