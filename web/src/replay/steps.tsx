import { request, segment } from "../api/http";
import type { StreamDetail, Targets } from "../api/types";
import { useResource } from "../api/useResource";
import { shardNumber } from "../text/format";
import { Check, Select, TextField } from "../ui/controls";
import { ProblemBox } from "../ui/states";
import type { PlanField, PlanForm } from "./planForm";

export type StepProps = {
  form: PlanForm;
  streams: string[];
  onChange: (changes: Partial<PlanForm>) => void;
};

type Setter = (name: PlanField) => (text: string) => void;
const setterOf =
  (onChange: StepProps["onChange"]): Setter =>
  (name) =>
  (text) =>
    onChange({ [name]: text });

/** Which records. */
export function RecordsStep({ form, streams, onChange }: StepProps) {
  const set = setterOf(onChange);
  return (
    <>
      <Select label="Stream" value={form.stream || null} choices={streams.map((id) => ({ id, text: id }))} onChange={(stream) => onChange({ stream, shards: "" })} placeholder="Choose a stream" />
      <div className="pair">
        <TextField label="Arrived from" value={form.from} onChange={set("from")} placeholder="2026-11-01, or 2h" hint="RFC 3339, a date (UTC), or how long ago" />
        <TextField label="Arrived before" value={form.to} onChange={set("to")} placeholder="now" />
      </div>
      <TextField label="Condition (SQL)" value={form.where} onChange={set("where")} placeholder="status = 'failed'" mono area hint="Over all columns of the view, one record at a time" />
      <Shards form={form} onChange={onChange} />
      <details open={form.from_position !== "" || form.as_of !== ""}>
        <summary>From a position, or as of an earlier cut</summary>
        <div className="details">
          <TextField label="From positions" value={form.from_position} onChange={set("from_position")} placeholder="shardId-000000000007:4965…" mono hint="That shard from there on, with its descendants, and no other" />
          <TextField label="As of" value={form.as_of} onChange={set("as_of")} placeholder="a receipt, or a time" mono hint="What a statement saw. Empty: what is archived now" />
        </div>
      </details>
    </>
  );
}

function Shards({ form, onChange }: Pick<StepProps, "form" | "onChange">) {
  const asked = useResource(`shards/${form.stream}`, (signal) => request<StreamDetail>(`/streams/${segment(form.stream)}`, { signal }), { enabled: form.stream !== "" });
  const shards = asked.value?.lineage ?? [];
  const chosen = form.shards.split(",").filter(Boolean);
  if (shards.length < 2) {
    return null;
  }
  return (
    <fieldset className="shards">
      <legend>Shards {chosen.length === 0 && <span className="dim">all</span>}</legend>
      <div className="row">
        {shards.map((shard) => (
          <Check
            key={`${shard.incarnation}/${shard.shard}`}
            checked={chosen.includes(shard.shard)}
            onChange={(on) => onChange({ shards: (on ? [...chosen, shard.shard] : chosen.filter((id) => id !== shard.shard)).join(",") })}
          >
            <span title={shard.shard}>{shardNumber(shard.shard)}</span>
          </Check>
        ))}
      </div>
    </fieldset>
  );
}

/** All records of a key, or its last one. */
export function KeysStep({ form, onChange }: StepProps) {
  const set = setterOf(onChange);
  const compact = form.compact === "1";
  return (
    <>
      <fieldset className="choices">
        <legend className="visually-hidden">Records per key</legend>
        <label className="check">
          <input type="radio" name="compact" checked={!compact} onChange={() => onChange({ compact: "" })} />
          <span>
            <b>Every record</b>
            <span className="dim"> in the archive's order per key</span>
          </span>
        </label>
        <label className="check">
          <input type="radio" name="compact" checked={compact} onChange={() => onChange({ compact: "1" })} />
          <span>
            <b>The last record of each key</b>
            <span className="dim"> a state, not its history</span>
          </span>
        </label>
      </fieldset>
      {compact && (
        <>
          <TextField label="Key (SQL)" value={form.compact_key} onChange={set("compact_key")} placeholder="the partition key" mono />
          <TextField label="Last by (SQL)" value={form.order_by} onChange={set("order_by")} placeholder="the position in the stream" mono hint="Needed when one key's records are not in one lineage of shards" />
          <TextField label="A key is deleted when its last record is (SQL)" value={form.tombstone} onChange={set("tombstone")} placeholder="status = 'deleted'" mono />
          {form.tombstone && (
            <Select
              label="Deleted keys"
              value={form.tombstones || "send"}
              choices={[
                { id: "send", text: "are sent like the others" },
                { id: "drop", text: "are left out" },
              ]}
              onChange={set("tombstones")}
            />
          )}
        </>
      )}
    </>
  );
}

/** Where to, and in which form. */
export function TargetStep({ form, onChange }: StepProps) {
  const set = setterOf(onChange);
  const targets = useResource("targets", (signal) => request<Targets>("/replays/targets", { signal }));
  const names = targets.value?.targets.map((target) => target.name) ?? [];
  const patterns = targets.value?.patterns ?? [];
  return (
    <>
      {targets.problem && <ProblemBox problem={targets.problem} onRetry={targets.reload} />}
      <TextField
        label="Target stream"
        value={form.target}
        onChange={set("target")}
        placeholder="a name, or an ARN"
        list="replay-targets"
        mono
        hint={targets.value && (patterns.length === 0 ? "None is allowed: name them as replay_targets in watershed.yaml" : `Allowed: ${patterns.join(", ")}`)}
      />
      <datalist id="replay-targets">
        {[...new Set([...names, ...patterns.filter((pattern) => !pattern.includes("*"))])].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="pair">
        <TextField label="Partition key (SQL)" value={form.partition_key} onChange={set("partition_key")} placeholder="as it was" mono />
        <Select
          label="Envelope, which names the origin"
          value={form.envelope || "member"}
          choices={[
            { id: "member", text: "a member of the JSON object" },
            { id: "header", text: "a header before the bytes" },
            { id: "none", text: "none" },
          ]}
          onChange={(id) => onChange({ envelope: id === "member" ? "" : id })}
        />
      </div>
      <div className="pair">
        <TextField label="Annotations" value={form.set} onChange={set("set")} placeholder={"reason = backfill"} area mono hint="One a line: name = text" />
        <TextField label="Annotations by SQL" value={form.set_sql} onChange={set("set_sql")} placeholder={"total = amount * 100"} area mono hint="One a line: name = expression" />
      </div>
      <Check checked={form.overwrite === "1"} onChange={(on) => onChange({ overwrite: on ? "1" : "" })} hint="consumers that compare versions take them over what is live when the run begins">
        Overwrite
      </Check>
      <Check checked={form.dense === "1"} onChange={(on) => onChange({ dense: on ? "1" : "" })} hint="fewer, larger records, for consumers that take them apart">
        Pack into aggregated records
      </Check>
      <Check checked={form.skip_superseded === "1"} onChange={(on) => onChange({ skip_superseded: on ? "1" : "" })} hint="by its own archive, which has to be in this reservoir">
        Leave out what the target holds newer of
      </Check>
      <Check checked={form.skip_oversize === "1"} onChange={(on) => onChange({ skip_oversize: on ? "1" : "" })} hint="with the envelope; they are counted">
        Leave out what is too large for the target
      </Check>
      <Check checked={form.allow_source === "1"} onChange={(on) => onChange({ allow_source: on ? "1" : "" })} hint="every consumer of the stream receives old records among new ones">
        The target may be the stream itself
      </Check>
    </>
  );
}

/** How fast, and how much, at most. */
export function PaceStep({ form, onChange }: StepProps) {
  const set = setterOf(onChange);
  return (
    <>
      <TextField label="Share of each target shard's write quota, in percent" value={form.share} onChange={set("share")} placeholder="50" type="number" min={1} max={100} hint="Live producers keep the rest, and more: the run leaves room for what they write" />
      <TextField label="Records a second, over all shards" value={form.max_rate} onChange={set("max_rate")} placeholder="no further bound" type="number" min={0} />
      <TextField label="Refuse a plan of more records than" value={form.max_records} onChange={set("max_records")} placeholder="replay_max_records of the configuration" type="number" min={1} />
    </>
  );
}
