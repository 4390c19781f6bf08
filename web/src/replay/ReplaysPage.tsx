import { Link } from "wouter";
import { request, segment } from "../api/http";
import { useLive } from "../api/live";
import type { Replay } from "../api/types";
import { useResource } from "../api/useResource";
import { useMayOperate } from "../app/server";
import { usePageTitle } from "../app/usePageTitle";
import { count, percent, time } from "../text/format";
import { Icon } from "../ui/Icon";
import { Empty, Loading, Panel, ProblemBox, ProgressBar } from "../ui/states";
import { ReplayStateTag } from "./states";

/** The ledger: every plan, and how far it came. */
export default function ReplaysPage() {
  usePageTitle("Replay");
  const live = useLive();
  const mayOperate = useMayOperate();
  const asked = useResource("replays", (signal) => request<{ replays: Replay[] }>("/replays", { signal }), { every: 5000 });
  const replays = asked.value?.replays;
  return (
    <main className="main">
      <div className="page-head">
        <h1>Replay</h1>
        <span className="dim">archived records, put into a stream again: per key in the archive's order</span>
        <span className="push" />
        {mayOperate && (
          <Link href="/replays/new" className="button" data-kind="primary">
            <Icon name="plus" />
            New replay
          </Link>
        )}
      </div>
      {asked.problem && !replays && <ProblemBox problem={asked.problem} onRetry={asked.reload} />}
      {!replays && !asked.problem && <Loading>Reading the ledger…</Loading>}
      {replays && (
        <Panel title="Ledger">
          {replays.length === 0 ? (
            <Empty title="Nothing was replayed yet">
              <p>A plan freezes what is sent, and shows it; nothing is written before you say so.</p>
              {mayOperate && <Link href="/replays/new">Make a plan</Link>}
            </Empty>
          ) : (
            <div className="scroll-x">
              <table className="table cards">
                <thead>
                  <tr>
                    <th>Plan</th>
                    <th>State</th>
                    <th>From → to</th>
                    <th className="number">Acknowledged</th>
                    <th className="number">Planned</th>
                    <th className="progress-column">
                      <span className="visually-hidden">Progress</span>
                    </th>
                    <th className="number">Run</th>
                    <th>Planned at</th>
                    <th>By</th>
                  </tr>
                </thead>
                <tbody>
                  {replays.map((replay) => (
                    <Row key={replay.plan} replay={replay} acknowledged={live.replays[replay.plan]?.progress?.acknowledged ?? replay.acknowledged} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Panel>
      )}
    </main>
  );
}

function Row({ replay, acknowledged }: { replay: Replay; acknowledged: number }) {
  const fraction = replay.planned > 0 ? acknowledged / replay.planned : 0;
  const owner = replay.owners[replay.owners.length - 1];
  return (
    <tr>
      <td>
        <Link href={`/replays/${segment(replay.plan)}`} className="mono">
          {replay.plan}
        </Link>
      </td>
      <td>
        <ReplayStateTag state={replay.state} />
      </td>
      <td className="whole">
        {replay.stream} <span className="dim">→</span> {replay.target}
      </td>
      <td className="number" data-name="sent">
        {count(acknowledged)}
      </td>
      <td className="number" data-name="of">
        {count(replay.planned)}
      </td>
      <td className="progress-column whole" title={percent(fraction)}>
        <ProgressBar fraction={fraction} label={`Progress of ${replay.plan}`} />
      </td>
      <td className="number" data-name="run">
        {replay.run || ""}
      </td>
      <td className="mono whole">{time(replay.planned_at ?? replay.created_at).slice(0, 19)}</td>
      <td className="whole dim">{owner ? `${owner.user}@${owner.host}` : ""}</td>
    </tr>
  );
}
