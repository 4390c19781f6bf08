import { useEffect, useState } from "react";
import { type Connection, subscribe } from "../api/events";
import { segment } from "../api/http";
import type { Progress } from "../api/types";

export type Watched = {
  progress: Progress | undefined;
  /** Seconds since 1970, and records a second then. */
  times: number[];
  rates: (number | null)[];
  connection: Connection;
  /** How the run ended, as this page saw it. */
  ending: string | undefined;
};

const NOTHING: Watched = { progress: undefined, times: [], rates: [], connection: "connecting", ending: undefined };
const KEPT = 3600;

/** A run that goes on in the server, as it goes. */
export function useProgress(plan: string, running: boolean, onEnded: () => void): Watched {
  const [watched, setWatched] = useState(NOTHING);
  useEffect(() => {
    if (!running) {
      return;
    }
    setWatched(NOTHING);
    return subscribe({
      path: `/replays/${segment(plan)}/events`,
      again: false,
      onState: (connection) => setWatched((old) => ({ ...old, connection })),
      onEvent: (event, data) => {
        if (event === "progress") {
          const progress = data as Progress;
          setWatched((old) => ({
            ...old,
            progress,
            times: [...old.times, Date.now() / 1000].slice(-KEPT),
            rates: [...old.rates, progress.records_per_second].slice(-KEPT),
          }));
        } else if (event === "ended") {
          setWatched((old) => ({ ...old, ending: (data as { ending: string }).ending }));
          onEnded();
        }
      },
    });
  }, [plan, running, onEnded]);
  return watched;
}
