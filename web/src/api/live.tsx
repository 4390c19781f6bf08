import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Connection, subscribe } from "./events";
import type { Problem } from "./http";
import type { Progress, StreamSummary } from "./types";

/** What the server tells all pages by itself: how streams and replays are doing. */
export type Live = {
  connection: Connection;
  problem: Problem | undefined;
  stopping: boolean;
  streams: StreamSummary[] | undefined;
  /** Of replays that run in this server, by plan. */
  replays: Record<string, { state: string; progress: Progress | null }>;
};

const NOTHING: Live = {
  connection: "connecting",
  problem: undefined,
  stopping: false,
  streams: undefined,
  replays: {},
};

const LiveContext = createContext<Live>(NOTHING);

export const useLive = () => useContext(LiveContext);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [live, setLive] = useState(NOTHING);
  useEffect(
    () =>
      subscribe({
        path: "/events",
        onState: (connection, problem) =>
          setLive((old) => ({
            ...old,
            connection,
            problem,
            stopping: connection === "open" ? false : old.stopping,
          })),
        onEvent: (event, data) => setLive((old) => changed(old, event, data)),
      }),
    [],
  );
  return <LiveContext value={useMemo(() => live, [live])}>{children}</LiveContext>;
}

function changed(old: Live, event: string, data: unknown): Live {
  switch (event) {
    case "status":
      return { ...old, streams: (data as { streams: StreamSummary[] }).streams };
    case "replay": {
      const move = data as { plan: string; state: string; progress: Progress | null };
      return { ...old, replays: { ...old.replays, [move.plan]: move } };
    }
    case "stopping":
      return { ...old, stopping: true };
    default:
      return old;
  }
}
