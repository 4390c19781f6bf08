import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { CONNECTED, type Connection, subscribe } from "./events";
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
  const visible = useVisible();
  useEffect(() => {
    if (!visible) {
      return;
    }
    return subscribe({
      path: "/events",
      onState: (connection, problem) => {
        setLive((old) => ({ ...old, connection, problem, stopping: connection === "open" ? false : old.stopping }));
        if (connection === "open") {
          window.dispatchEvent(new Event(CONNECTED));
        }
      },
      onEvent: (event, data) => setLive((old) => changed(old, event, data)),
    });
  }, [visible]);
  return <LiveContext value={useMemo(() => live, [live])}>{children}</LiveContext>;
}

const HIDDEN_MILLIS = 10_000;

/** A browser has six connections to a server over HTTP/1.1: tabs that nobody sees hold none. */
function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") {
        setVisible(true);
      } else {
        timer = setTimeout(() => setVisible(false), HIDDEN_MILLIS);
      }
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return visible;
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
