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
