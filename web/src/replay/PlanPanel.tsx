import { useState } from "react";
import { asProblem, type Problem, request, segment, send } from "../api/http";
import type { Diff, Plan } from "../api/types";
import { useResource } from "../api/useResource";
import { JsonTree } from "../browse/JsonTree";
import { bytes, count, duration, time } from "../text/format";
import { print } from "../text/json";
import { visible } from "../text/payload";
import { Button, CopyButton } from "../ui/controls";
import { Icon } from "../ui/Icon";
import { Loading, Panel, ProblemBox } from "../ui/states";
import { Preview } from "./Preview";
import { readPlan } from "./readPlan";

/** What a plan says, before and after it ran. */
export function PlanPanel({ plan, planned }: { plan: string; planned: boolean }) {
  const asked = useResource(`plan/${plan}`, async (signal) => readPlan(await (await send(`/replays/plans/${segment(plan)}`, { query: { preview: 20 }, signal })).text()));
  const value = asked.value?.plan;
  const document = asked.value?.document;
  const preview = asked.value?.preview ?? [];
  return (
    <>
      <Panel title="Plan" actions={document && <CopyButton text={() => print(document)} label="Copy the plan's document">Document</CopyButton>}>
        <div className="body stack">
          {asked.problem && <ProblemBox problem={asked.problem} onRetry={asked.reload} />}
          {!value && !asked.problem && <Loading />}
          {value && <Facts plan={value} />}
          {value?.notes.map((note) => (
            <p key={note} className="note">
              <Icon name="warning" />
              {note}
            </p>
          ))}
          {planned && <Difference plan={plan} />}
          {document && (
            <details>
              <summary>The document that the hash is of</summary>
              <JsonTree node={document} />
            </details>
          )}
        </div>
      </Panel>
      {preview.length > 0 && (
        <Panel title={`The first ${count(preview.length)}, as they would arrive`}>
          <Preview records={preview} />
        </Panel>
      )}
    </>
  );
}

function Facts({ plan }: { plan: Plan }) {
  return (
    <dl className="facts">
      <dt>records</dt>
      <dd>
        {count(plan.records)} <span className="dim">({bytes(plan.payload_bytes)})</span>
        {plan.oversize > 0 && <span className="dim">, {count(plan.oversize)} too large are left out</span>}
      </dd>
      <dt>into</dt>
      <dd className="mono">{plan.target_arn}</dd>
      {plan.first_arrival && (
        <>
          <dt>arrived</dt>
          <dd className="mono">
            {time(plan.first_arrival)} to {time(plan.last_arrival)}
          </dd>
        </>
      )}
      {plan.first_key !== undefined && (
        <>
          <dt>keys</dt>
          <dd className="mono">
            {visible(plan.first_key)} to {visible(plan.last_key ?? "")}
          </dd>
        </>
      )}
      <dt>takes at least</dt>
      <dd>
        {duration(plan.seconds_at_least)} <span className="dim">at this pace over {count(plan.open_shards)} open shards</span>
      </dd>
    </dl>
  );
}

/** What the target holds already, by its own archive. */
function Difference({ plan }: { plan: string }) {
  const [diff, setDiff] = useState<Diff>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const compare = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setDiff(await request<Diff>(`/replays/plans/${segment(plan)}/diff`, { method: "POST" }));
    } catch (e) {
      setProblem(asProblem(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className="row">
        <Button onPress={() => void compare()} disabled={busy}>
          {busy ? "Comparing…" : "Compare with the target's archive"}
        </Button>
        {diff && (
          <span role="status">
            of {count(diff.keys)} keys {count(diff.missing)} missing there, {count(diff.same)} the same, {count(diff.different)} different, {count(diff.newer)} newer; {count(diff.target_only)} only there
          </span>
        )}
      </div>
      {problem && <ProblemBox problem={problem} />}
    </>
  );
}
