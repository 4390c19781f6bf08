package io.watershed.replay;

/** What running a plan means if it ran before. */
public enum RunMode {
  /** Begin, or go on with a run that was stopped, failed or died; not with one that was paused. */
  START,
  /** Go on with a run that was paused, stopped, failed or died. */
  RESUME,
  /** Begin, also if the plan's last run finished or was cancelled. */
  AGAIN
}
