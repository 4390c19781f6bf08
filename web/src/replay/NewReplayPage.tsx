import { useCallback, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { asProblem, newKey, type Problem, request, segment } from "../api/http";
import { useLive } from "../api/live";
import type { Plan } from "../api/types";
import { useMayOperate } from "../app/server";
import { usePageTitle } from "../app/usePageTitle";
import { useQueryState } from "../app/useQueryState";
import { Button } from "../ui/controls";
import { ProblemBox } from "../ui/states";
import { PlanCount } from "./PlanCount";
import { planBody, type PlanForm, planForm } from "./planForm";
import { KeysStep, PaceStep, RecordsStep, type StepProps, TargetStep } from "./steps";

/** Browsers refuse a page that changes its URL with every key. */
const TYPING_MILLIS = 300;

const STEPS = [
  { id: "records", text: "Records", hint: "what is sent", content: RecordsStep },
  { id: "keys", text: "Keys", hint: "all, or the last", content: KeysStep },
  { id: "target", text: "Target", hint: "where to, and how", content: TargetStep },
  { id: "pace", text: "Pace", hint: "how fast, at most", content: PaceStep },
] as const;

/** A plan, step by step, with a count of what it selects. All of it is in the URL. */
export default function NewReplayPage() {
  usePageTitle("New replay");
  const [query, change] = useQueryState();
  const [, navigate] = useLocation();
  const mayOperate = useMayOperate();
  const live = useLive();
  const [form, setForm] = useState(() => planForm(query));
  const edit = useCallback((changes: Partial<PlanForm>) => setForm((old) => ({ ...old, ...changes })), []);
  useEffect(() => {
    const timer = setTimeout(() => change(form), TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [form, change]);
  const at = Math.max(0, STEPS.findIndex((step) => step.id === query.get("step")));
  const step = STEPS[at] ?? STEPS[0];
  const [planning, setPlanning] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  const plan = async () => {
    setPlanning(true);
    setProblem(undefined);
    try {
      const made = await request<Plan>("/replays/plans", { method: "POST", body: planBody(form), idempotencyKey: newKey() });
      navigate(`/replays/${segment(made.plan)}`);
    } catch (e) {
      setProblem(asProblem(e));
      setPlanning(false);
    }
  };
  const props: StepProps = { form, onChange: edit, streams: live.streams?.map((stream) => stream.stream) ?? [] };
  const Content = step.content;
  const last = at === STEPS.length - 1;
  const ready = form.stream !== "" && form.target !== "";
  return (
    <main className="main">
      <div className="page-head">
        <Link href="/replays">Replay</Link>
        <span className="dim">/</span>
        <h1>New plan</h1>
      </div>
      <div className="wizard">
        <section className="panel" aria-label={step.text}>
          <nav aria-label="Steps">
            <ol className="steps">
              {STEPS.map((each, index) => (
                <li key={each.id}>
                  <button type="button" className="step" aria-current={index === at ? "step" : undefined} onClick={() => change({ step: each.id })}>
                    <b>{index + 1}</b>
                    <span>
                      {each.text}
                      <small>{each.hint}</small>
                    </span>
                  </button>
                </li>
              ))}
            </ol>
          </nav>
          <form
            className="body step-form"
            onSubmit={(e) => {
              e.preventDefault();
              if (!last) {
                change({ step: STEPS[at + 1]?.id ?? null });
              } else if (ready && mayOperate) {
                void plan();
              }
            }}
          >
            <Content {...props} />
            {problem && <ProblemBox problem={problem} />}
            <div className="row">
              {at > 0 && (
                <Button icon="left" onPress={() => change({ step: STEPS[at - 1]?.id ?? null })}>
                  Back
                </Button>
              )}
              <span className="push" />
              {last && !ready && <span className="dim">{form.stream ? "Choose a target first" : "Choose a stream first"}</span>}
              {last && !mayOperate && <span className="dim">Your token may only read</span>}
              {last ? (
                <Button kind="primary" type="submit" disabled={!ready || planning || !mayOperate}>
                  {planning ? "Planning…" : "Make the plan"}
                </Button>
              ) : (
                <Button kind="primary" type="submit">
                  Next
                </Button>
              )}
            </div>
          </form>
        </section>
        <PlanCount form={form} />
      </div>
    </main>
  );
}
