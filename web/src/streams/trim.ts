import type { Tone } from "../ui/states";

const DANGER_SECONDS = 3600;
const WARN_SECONDS = 6 * 3600;

/** How near the stream is to losing what is not archived. */
export function trimTone(seconds: number | null): { tone?: Tone } {
  if (seconds === null || seconds >= WARN_SECONDS) {
    return {};
  }
  return { tone: seconds < DANGER_SECONDS ? "danger" : "warn" };
}
