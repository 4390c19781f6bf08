import { Link } from "wouter";
import { address, Problem, request, segment } from "../api/http";
import type { StreamDetail } from "../api/types";
import { useResource } from "../api/useResource";
import { usePageTitle } from "../app/usePageTitle";
import { ago, bytes, count, duration, rate, shardNumber, time } from "../text/format";
import { Figures, Loading, Panel, ProblemBox } from "../ui/states";
import { useNow } from "../ui/useNow";
import { ArchivingTag } from "./ArchivingTag";
import { Growth } from "./Growth";
import { incoming } from "./incoming";
import { Rates } from "./Rates";
import { Reservoir } from "./Reservoir";
import { trimTone } from "./trim";

/** One stream: its shards around the seam, and how it got here. */
export default function StreamPage({ stream }: { stream: string }) {
  usePageTitle(stream);
  const detail = useResource(address(`/streams/${stream}`), (signal) => request<StreamDetail>(`/streams/${segment(stream)}`, { signal }), { every: 3000 });
  const value = detail.value;
  return (
    <main className="main">
      <div className="page-head">
        <Link href="/streams">Streams</Link>
        <span className="dim">/</span>
        <h1>{stream}</h1>
        {value && <ArchivingTag stream={value} />}
        <span className="push" />
        <Link href={`/browse?stream=${segment(stream)}`} className="button">
          Browse
        </Link>
        <Link href={`/sql?q=${segment(`SELECT * FROM ${quoted(stream)} LIMIT 100`)}`} className="button">
          SQL
        </Link>
        <Link href={`/replays/new?stream=${segment(stream)}`} className="button">
          Replay
        </Link>
      </div>
      {detail.problem && !detail.problem.unreachable && <ProblemBox problem={detail.problem} onRetry={detail.reload} />}
      {detail.problem?.unreachable && !value && <ProblemBox problem={detail.problem} onRetry={detail.reload} />}
      {!value && !detail.problem && <Loading />}
      {value?.problem && <ProblemBox problem={new Problem(0, "archiving", value.problem, "")} />}
      {value && (
        <>
          <Facts stream={value} />
          <Panel
            title="Reservoir"
            actions={<span className="dim">{value.not_asked ?? `generation ${value.generation}`}</span>}
          >
            <Reservoir shards={value.lineage} gaps={value.gap_list} />
          </Panel>
          {value.gap_list.length > 0 && <Gaps stream={value} />}
          <div className="columns">
            <Rates stream={stream} />
            <Growth stream={stream} />
          </div>
        </>
      )}
    </main>
  );
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function Facts({ stream }: { stream: StreamDetail }) {
  const now = useNow(1000);
  return (
    <Figures
      figures={[
        { name: "archived records", value: count(stream.rows), title: `${count(stream.skipped)} skipped as replayed copies` },
        { name: "in files", value: bytes(stream.bytes), title: `${count(stream.files)} files` },
        { name: "files", value: count(stream.files) },
        { name: "coming in", value: rate(incoming(stream)), title: `${bytes(stream.read_bytes_per_second ?? stream.bytes_per_second)} a second` },
        { name: "lag", value: duration(stream.lag_seconds), title: "Age of the oldest record that is not archived" },
        { name: "time to trim", value: duration(stream.time_to_trim_seconds), title: "Until the stream forgets a record that is not archived", ...trimTone(stream.time_to_trim_seconds) },
        { name: "gaps", value: count(stream.gaps), ...(stream.gaps > 0 ? { tone: "danger" as const } : {}) },
        { name: "last commit", value: ago(stream.last_commit, now), title: stream.last_commit ?? "" },
      ]}
    />
  );
}

function Gaps({ stream }: { stream: StreamDetail }) {
  return (
    <Panel title="Gaps: what the stream trimmed before it was archived">
      <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th>Shard</th>
                <th>After position</th>
                <th>From</th>
                <th>Until</th>
                <th>Why</th>
                <th>Found</th>
              </tr>
            </thead>
            <tbody>
              {stream.gap_list.map((gap) => (
                <tr key={`${gap.incarnation}/${gap.shard}/${gap.after}`}>
                  <td>{shardNumber(gap.shard)}</td>
                  <td className="mono">{gap.after}</td>
                  <td className="mono">{time(gap.from)}</td>
                  <td className="mono">{time(gap.until)}</td>
                  <td>{gap.reason}</td>
                  <td className="mono">{time(gap.detected_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
      </div>
    </Panel>
  );
}
