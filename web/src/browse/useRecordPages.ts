import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem, request, segment } from "../api/http";
import type { RecordPage, StreamRecord } from "../api/types";
import { type Filters, recordsQuery } from "./filters";

export type RecordPages = {
  records: StreamRecord[];
  receipt: string | undefined;
  more: boolean;
  loading: boolean;
  problem: Problem | undefined;
  loadMore: () => void;
  reload: () => void;
};

type State = { key: string; records: StreamRecord[]; receipt?: string; next: string | null; loading: boolean; problem?: Problem };

const PAGE = 200;
/** Of so many records a list is no longer a way to find something. */
const MAX_RECORDS = 20_000;
const TYPING_MILLIS = 350;

/** Records page by page, all of one cut. */
export function useRecordPages(filters: Filters, enabled: boolean): RecordPages {
  const key = JSON.stringify(filters);
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<State>({ key, records: [], next: null, loading: true });
  const busy = useRef(false);
  const stop = useRef(new AbortController());

  const load = useCallback(
    async (page: string | null, signal: AbortSignal) => {
      busy.current = true;
      setState((old) => ({ ...old, loading: true }));
      try {
        const { stream } = filters;
        const answer = await request<RecordPage>(`/streams/${segment(stream)}/records`, {
          query: { ...recordsQuery(filters), limit: PAGE, page },
          signal,
        });
        if (!signal.aborted) {
          setState((old) => ({
            key,
            records: page === null ? answer.records : [...old.records, ...answer.records],
            receipt: answer.receipt,
            next: answer.next,
            loading: false,
          }));
        }
      } catch (e) {
        if (!signal.aborted) {
          const problem = asProblem(e);
          setState((old) => ({ ...old, loading: false, problem, ...(page === null ? { records: [], next: null } : {}) }));
        }
      } finally {
        if (!signal.aborted) {
          busy.current = false;
        }
      }
    },
    [key],
  );

  useEffect(() => {
    if (!enabled || filters.stream === "") {
      return;
    }
    const abort = new AbortController();
    stop.current = abort;
    const first = setTimeout(() => void load(null, abort.signal), turn === 0 && state.records.length === 0 ? 0 : TYPING_MILLIS);
    return () => {
      clearTimeout(first);
      abort.abort();
      busy.current = false;
    };
  }, [key, enabled, turn, load]);

  const { next } = state;
  const loadMore = useCallback(() => {
    if (next !== null && !busy.current && !stop.current.signal.aborted) {
      void load(next, stop.current.signal);
    }
  }, [next, load]);
  const reload = useCallback(() => setTurn((old) => old + 1), []);
  return {
    records: state.records,
    receipt: state.receipt,
    more: state.next !== null && state.records.length < MAX_RECORDS,
    loading: state.loading,
    problem: state.problem,
    loadMore,
    reload,
  };
}
