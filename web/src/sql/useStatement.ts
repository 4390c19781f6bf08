import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, newKey, type Problem, problemFrom, request, segment } from "../api/http";
import type { Statement } from "../api/types";

export type Run = {
  sql: string;
  statement: Statement | undefined;
  problem: Problem | undefined;
  running: boolean;
  /** Whether the server does not answer at the moment; it is asked again. */
  lost: boolean;
  startedAt: number;
  endedAt: number | undefined;
};

export type Ask = { sql: string; asOf: string; live: string; engine: string | null };

const WAIT_SECONDS = 1;
const RETRY_MILLIS = 1500;

const ended = (statement: Statement) => statement.state !== "queued" && statement.state !== "running";

/** One statement at a time: a new one takes the place of the last, whose result the server forgets. */
export function useStatement(onDone: (run: Run) => void) {
  const [run, setRun] = useState<Run | undefined>(undefined);
  const stop = useRef(new AbortController());
  const current = useRef<string | undefined>(undefined);
  const done = useRef(onDone);
  done.current = onDone;

  const forget = useCallback(() => {
    stop.current.abort();
    const id = current.current;
    current.current = undefined;
    if (id !== undefined) {
      request(`/statements/${segment(id)}`, { method: "DELETE", keepalive: true }).catch(() => {});
    }
  }, []);
  useEffect(() => {
    window.addEventListener("pagehide", forget);
    return () => {
      window.removeEventListener("pagehide", forget);
      forget();
    };
  }, [forget]);

  const start = useCallback(
    async ({ sql, asOf, live, engine }: Ask) => {
      forget();
      const abort = new AbortController();
      stop.current = abort;
      let state: Run = { sql, statement: undefined, problem: undefined, running: true, lost: false, startedAt: Date.now(), endedAt: undefined };
      const update = (changes: Partial<Run>) => {
        state = { ...state, ...changes };
        if (!abort.signal.aborted) {
          setRun(state);
        }
      };
      update({});
      try {
        const body = { sql, ...(asOf ? { as_of: asOf } : {}), ...(live && live !== "auto" ? { live } : {}), ...(engine ? { engine } : {}) };
        const made = await request<Statement>("/statements", { method: "POST", body, idempotencyKey: newKey(), signal: abort.signal });
        current.current = made.id;
        update({ statement: made });
        while (state.statement && !ended(state.statement)) {
          try {
            const statement = await request<Statement>(`/statements/${segment(made.id)}`, { query: { wait: WAIT_SECONDS }, signal: abort.signal });
            update({ statement, lost: false });
          } catch (e) {
            const problem = asProblem(e);
            if (abort.signal.aborted || !(problem.unreachable || problem.status === 503)) {
              throw e;
            }
            update({ lost: true });
            await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
            abort.signal.throwIfAborted();
          }
        }
        const problem = state.statement?.problem;
        update({ running: false, endedAt: Date.now(), problem: problem ? problemFrom(problem) : undefined });
      } catch (e) {
        update({ running: false, lost: false, endedAt: Date.now(), problem: asProblem(e) });
      }
      if (!abort.signal.aborted) {
        done.current(state);
      }
    },
    [forget],
  );

  const cancel = useCallback(() => {
    forget();
    setRun((old) =>
      old?.running ? { ...old, running: false, endedAt: Date.now(), statement: old.statement ? { ...old.statement, state: "cancelled" } : undefined } : old,
    );
  }, [forget]);

  return { run, start, cancel };
}
