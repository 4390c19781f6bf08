import { useCallback, useState } from "react";
import { Link } from "wouter";
import { asProblem, newKey, Problem, request, segment } from "../api/http";
import { useLive } from "../api/live";
import type { Replay, ReplayAction } from "../api/types";
import { useResource } from "../api/useResource";
import { useMayOperate } from "../app/server";
import { usePageTitle } from "../app/usePageTitle";
import { count, duration } from "../text/format";
import { Button, Confirm, CopyButton } from "../ui/controls";
import { Loading, ProblemBox } from "../ui/states";
import { PlanPanel } from "./PlanPanel";
import { Runs } from "./Runs";
import { RunWatch } from "./RunWatch";
import { ReplayStateTag } from "./states";
import { useProgress } from "./useProgress";

/** One plan: what it says, its run as it goes, and who ran it. */
export default function ReplayPage({ plan }: { plan: string }) {
  usePageTitle(`Replay ${plan}`);
  const live = useLive();
  const asked = useResource(`replay/${plan}`, (signal) => request<Replay>(`/replays/${segment(plan)}`, { signal }), { every: 3000 });
  const [answer, setAnswer] = useState<Replay>();
  const replay = newer(asked.value, answer);
  const running = replay?.state === "running";
  const { reload } = asked;
  const ended = useCallback(() => {
    setAnswer(undefined);
    reload();
  }, [reload]);
  const watched = useProgress(plan, running, ended);
  return (
    <main className="main">
      <div className="page-head">
        <Link href="/replays">Replay</Link>
        <span className="dim">/</span>
        <h1 className="mono">{plan}</h1>
        {replay && <ReplayStateTag state={replay.state} />}
        <span className="push" />
        {replay && <Actions replay={replay} onAnswer={setAnswer} onDone={reload} />}
      </div>
      {asked.problem && (!replay || !asked.problem.unreachable) && <ProblemBox problem={asked.problem} onRetry={asked.reload} />}
      {!replay && !asked.problem && <Loading />}
      {replay?.presumed_dead && (
        <ProblemBox problem={new Problem(0, "silent", `The process of this run said nothing for ${duration(replay.silent_seconds)}: it is probably dead.`, "Go on here: what is acknowledged is not sent again.")} />
      )}
      {replay && (
        <>
          <p className="replay-line">
            <strong>{count(replay.planned)} records</strong> of <Link href={`/streams/${segment(replay.stream)}`}>{replay.stream}</Link> into <span className="mono">{replay.target_arn ?? replay.target}</span>
            <span className="dim mono cut hash" title={replay.hash}>
              {replay.hash}
            </span>
            <CopyButton text={replay.hash} label="Copy the plan's hash" />
          </p>
          {replay.state !== "planned" && <RunWatch replay={replay} watched={watched} progress={watched.progress ?? live.replays[plan]?.progress ?? replay.progress ?? undefined} />}
          <PlanPanel plan={plan} planned={replay.state === "planned"} />
          {replay.owners.length > 0 && <Runs owners={replay.owners} />}
        </>
      )}
    </main>
  );
}

/** An answer to an action holds until the next poll brings at least as new a state. */
function newer(polled: Replay | undefined, answered: Replay | undefined): Replay | undefined {
  if (!polled || !answered) {
    return polled ?? answered;
  }
  return polled.owners.length >= answered.owners.length && polled.state !== "planned" ? polled : answered;
}

const TEXT: Record<ReplayAction, { text: string; icon: "play" | "pause" | "stop" | "replay"; kind?: "primary" | "danger" }> = {
  run: { text: "Run", icon: "play", kind: "primary" },
  "run-again": { text: "Run anew", icon: "replay" },
  pause: { text: "Pause", icon: "pause" },
  resume: { text: "Go on", icon: "play", kind: "primary" },
  cancel: { text: "Cancel", icon: "stop", kind: "danger" },
};

function Actions({ replay, onAnswer, onDone }: { replay: Replay; onAnswer: (replay: Replay) => void; onDone: () => void }) {
  const mayOperate = useMayOperate();
  const [question, setQuestion] = useState<ReplayAction>();
  const [busy, setBusy] = useState<ReplayAction>();
  const [problem, setProblem] = useState<Problem>();

  const act = async (action: ReplayAction) => {
    setBusy(action);
    setProblem(undefined);
    try {
      const path = action === "run-again" ? "run" : action;
      const body = action === "run-again" ? { force: true } : {};
      onAnswer(await request<Replay>(`/replays/${segment(replay.plan)}/${path}`, { method: "POST", body, idempotencyKey: newKey() }));
      onDone();
    } catch (e) {
      setProblem(asProblem(e));
    } finally {
      setBusy(undefined);
    }
  };
  if (!mayOperate) {
    return <span className="dim">Your token may only read</span>;
  }
  return (
    <>
      {replay.actions.map((action) => (
        <Button
          key={action}
          icon={TEXT[action].icon}
          {...(TEXT[action].kind ? { kind: TEXT[action].kind } : {})}
          disabled={busy !== undefined}
          onPress={() => (action === "pause" || action === "resume" ? void act(action) : setQuestion(action))}
        >
          {busy === action ? "Asking…" : TEXT[action].text}
        </Button>
      ))}
      {problem && (
        <div className="whole-line">
          <ProblemBox problem={problem} />
        </div>
      )}
      {question && (
        <Confirm
          title={question === "cancel" ? "Cancel the replay?" : question === "run-again" ? "Send all of it again?" : "Start the replay?"}
          action={question === "cancel" ? "Cancel it for good" : "Yes, send"}
          text={
            question === "cancel" ? (
              <>What is acknowledged stays in the target; the rest is never sent by this run.</>
            ) : (
              <>
                {count(replay.planned)} records are written into <b>{replay.target_arn ?? replay.target}</b>. Every consumer of that stream receives them.
              </>
            )
          }
          onAnswer={(yes) => {
            setQuestion(undefined);
            if (yes) {
              void act(question);
            }
          }}
        />
      )}
    </>
  );
}
