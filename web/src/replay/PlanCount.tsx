import { request, segment } from "../api/http";
import type { Count, RecordPage } from "../api/types";
import { useResource } from "../api/useResource";
import { bytes, clock, count, day } from "../text/format";
import { oneLine, visible } from "../text/payload";
import { Empty, Loading, ProblemBox, Receipt } from "../ui/states";
import { planBody, type PlanForm } from "./planForm";

const TYPING_MILLIS = 600;
const FIRST = 6;

/** How many records the form selects as it stands, and the first of them. */
export function PlanCount({ form }: { form: PlanForm }) {
  const body = planBody(form);
  const enabled = form.stream !== "";
  const counted = useResource(JSON.stringify(body), (signal) => request<Count>("/replays/plans/count", { method: "POST", body, signal }), { enabled, delay: TYPING_MILLIS });
  const { stream, from, to, where } = form;
  const query = { from, to, where, limit: FIRST, order: "oldest" };
  const first = useResource(JSON.stringify([stream, query]), (signal) => request<RecordPage>(`/streams/${segment(stream)}/records`, { query, signal }), { enabled, delay: TYPING_MILLIS });
  const archived = first.value?.records.filter((record) => record.side === "archive") ?? [];
  return (
    <aside className="panel plan-count" aria-label="What the plan selects" aria-busy={counted.loading}>
      <header>
        <h2>Selects</h2>
      </header>
      {!enabled && <Empty title="Choose a stream">Its archived records are counted as you go.</Empty>}
      {counted.problem && (
        <div className="body">
          <ProblemBox problem={counted.problem} />
        </div>
      )}
      {enabled && !counted.value && !counted.problem && <Loading>Counting…</Loading>}
      {counted.value && (
        <div className="body">
          <p className="big" role="status">
            {count(counted.value.records)} <span className="dim">records, {bytes(counted.value.payload_bytes)}</span>
          </p>
          <Receipt receipt={counted.value.receipt} />
        </div>
      )}
      {archived.length > 0 && (
        <div className="body">
          <h3 className="dim">First by arrival</h3>
          <ol className="preview">
            {archived.map((record) => (
              <li key={record.position}>
                <span className="dim mono">
                  {day(record.arrival_time)} {clock(record.arrival_time).slice(0, 8)}
                </span>{" "}
                <span className="mono">{visible(record.partition_key)}</span>
                <code className="cut">{oneLine(record, 160)}</code>
              </li>
            ))}
          </ol>
        </div>
      )}
    </aside>
  );
}
