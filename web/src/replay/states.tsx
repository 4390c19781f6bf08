import type { ReplayState } from "../api/types";
import { Tag, type Tone } from "../ui/states";

const TONES: Partial<Record<ReplayState, Tone>> = {
  running: "live",
  finished: "good",
  paused: "warn",
  stopped: "warn",
  failed: "danger",
};

export function ReplayStateTag({ state }: { state: ReplayState }) {
  return <Tag tone={TONES[state]}>{state}</Tag>;
}

export type Action = "run" | "anew" | "pause" | "resume" | "cancel";

/** What may be done in a state: docs/replay.md. */
export function actionsOf(state: ReplayState): Action[] {
  switch (state) {
    case "planned":
      return ["run", "cancel"];
    case "running":
      return ["pause", "cancel"];
    case "stopped":
    case "failed":
    case "paused":
      return ["resume", "cancel"];
    case "cancelled":
    case "finished":
      return ["anew"];
  }
}
