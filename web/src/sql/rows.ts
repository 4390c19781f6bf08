import { useCallback, useEffect, useRef, useState } from "react";
import { asProblem, type Problem, request, segment } from "../api/http";
import type { Cell, RowPage } from "../api/types";

const PAGE = 500;
/** About 30,000 rows stay in the page. */
const KEPT_PAGES = 60;

export type Rows = {
  /** Undefined while it is on its way. */
  row: (index: number) => Cell[] | undefined;
  /** Asks for what is missing of these rows. */
  want: (first: number, last: number) => void;
  problem: Problem | undefined;
};

/** The rows of a result, fetched as they are looked at. */
export function useRows(statement: string): Rows {
  const pages = useRef(new Map<number, Cell[][]>());
  const asked = useRef(new Set<number>());
  const alive = useRef(new AbortController());
  const [, setVersion] = useState(0);
  const [problem, setProblem] = useState<Problem>();

  useEffect(() => {
    const abort = new AbortController();
    alive.current = abort;
    return () => {
      abort.abort();
      pages.current.clear();
      asked.current.clear();
    };
  }, [statement]);

  const load = useCallback(
    async (page: number) => {
      const { signal } = alive.current;
      asked.current.add(page);
      try {
        const rows = await pageOf(statement, page, signal);
        if (!signal.aborted) {
          pages.current.set(page, rows);
          const oldest = pages.current.keys().next().value;
          if (pages.current.size > KEPT_PAGES && oldest !== undefined) {
            pages.current.delete(oldest);
          }
          setProblem(undefined);
          setVersion((old) => old + 1);
        }
      } catch (e) {
        if (!signal.aborted) {
          setProblem(asProblem(e));
        }
      } finally {
        if (!signal.aborted) {
          asked.current.delete(page);
        }
      }
    },
    [statement],
  );

  const want = useCallback(
    (first: number, last: number) => {
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
        if (!pages.current.has(page) && !asked.current.has(page)) {
          void load(page);
        }
      }
    },
    [load],
  );
  const row = useCallback((index: number) => pages.current.get(Math.floor(index / PAGE))?.[index % PAGE], []);
  return { row, want, problem };
}

/** The server may end a page early, by its bytes. */
async function pageOf(statement: string, page: number, signal: AbortSignal): Promise<Cell[][]> {
  const rows: Cell[][] = [];
  for (;;) {
    const offset = page * PAGE + rows.length;
    const answer = await request<RowPage>(`/statements/${segment(statement)}/rows`, { query: { offset, limit: PAGE - rows.length }, signal });
    rows.push(...answer.rows);
    if (answer.rows.length === 0 || rows.length >= PAGE || offset + answer.rows.length >= answer.total) {
      return rows;
    }
  }
}
