import { useCallback, useEffect, useRef, useState } from "react";
import { CONNECTED } from "./events";
import { asProblem, type Problem } from "./http";

export type Resource<T> = {
  /** The last answer; stays while a newer one is asked for, and when that fails. */
  value: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  reload: () => void;
};

type Options = {
  /** Asks again so often, in milliseconds, while the page is visible. */
  every?: number;
  /** Waits so long for further changes before it asks, in milliseconds. */
  delay?: number;
  enabled?: boolean;
};

/**
 * What the server says to a question; asked anew when the key changes. Answers that come after a
 * later question are dropped, and their requests aborted.
 */
export function useResource<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
  { every, delay = 0, enabled = true }: Options = {},
): Resource<T> {
  const [state, setState] = useState<{ key: string; value?: T; problem?: Problem; loading: boolean }>({
    key,
    loading: enabled,
  });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    if (!enabled) {
      return;
    }
    const stop = new AbortController();
    const run = async () => {
      setState((old) => (old.key === key ? { ...old, loading: true } : { key, loading: true }));
      try {
        const value = await latest.current(stop.signal);
        if (!stop.signal.aborted) {
          setState({ key, value, loading: false });
        }
      } catch (e) {
        if (!stop.signal.aborted) {
          const problem = asProblem(e);
          setState((old) => (old.key === key ? { ...old, problem, loading: false } : { key, problem, loading: false }));
        }
      }
    };
    const first = setTimeout(() => void run(), delay);
    const timer =
      every === undefined
        ? undefined
        : setInterval(() => document.visibilityState === "visible" && void run(), every);
    return () => {
      stop.abort();
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [key, every, delay, enabled, turn]);

  const reload = useCallback(() => setTurn((old) => old + 1), []);
  const failed = state.problem?.unreachable === true;
  useEffect(() => {
    if (failed) {
      window.addEventListener(CONNECTED, reload);
      return () => window.removeEventListener(CONNECTED, reload);
    }
    return undefined;
  }, [failed, reload]);
  const current = state.key === key ? state : { loading: enabled };
  return { value: undefined, problem: undefined, ...current, reload };
}
