package io.watershed.query.follow;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.StatementControl;
import io.watershed.query.follow.FollowOutcome.Ending;
import java.io.IOException;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/** The way out: counts, and ends the run when nobody wants more. One thread. */
final class Delivery {
  private final FollowSink sink;
  private final OptionalLong limit;
  private final StatementControl control;
  private final Progress progress;
  private final Set<String> reported = new HashSet<>();
  private long records;
  private boolean fresh;

  Delivery(FollowSink sink, OptionalLong limit, StatementControl control, Progress progress) {
    this.sink = sink;
    this.limit = limit;
    this.control = control;
    this.progress = progress;
  }

  /**
   * Hands a record over and notes it.
   *
   * @throws Finished if it was not wanted any more, and is not delivered; or if it was the last one
   */
  void record(StreamRecord record) {
    checkWanted();
    try {
      sink.record(record);
    } catch (IOException e) {
      throw new Finished(Ending.CLOSED);
    }
    records++;
    fresh = true;
    progress.delivered(record);
    checkLimit();
  }

  /**
   * Whether to go on.
   *
   * @throws Finished if no more are wanted
   */
  void checkWanted() {
    if (control.isCancelled()) {
      throw new Finished(Ending.STOPPED);
    }
    checkLimit();
  }

  private void checkLimit() {
    if (limit.isPresent() && records >= limit.getAsLong()) {
      throw new Finished(Ending.LIMIT);
    }
  }

  /** Nothing more is there for now. */
  void pause() {
    if (fresh) {
      fresh = false;
      try {
        sink.pause();
      } catch (IOException e) {
        throw new Finished(Ending.CLOSED);
      }
    }
  }

  /** Reports a gap, once. */
  void gap(Gap gap) {
    if (reported.add(gap.shard() + " " + gap.afterPosition() + " " + gap.reason())) {
      sink.gap(gap);
    }
  }

  void notice(String sentence) {
    sink.notice(sentence);
  }

  long records() {
    return records;
  }

  int gaps() {
    return reported.size();
  }
}
