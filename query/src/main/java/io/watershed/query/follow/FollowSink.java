package io.watershed.query.follow;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.StreamRecord;
import java.io.IOException;

/** Takes what is followed. Called by the thread that follows, one call at a time. */
public interface FollowSink {
  /**
   * The next record.
   *
   * @throws IOException nobody wants more: following ends, and this record counts as not delivered
   */
  void record(StreamRecord record) throws IOException;

  /**
   * Nothing more is there right now.
   *
   * @throws IOException nobody wants more
   */
  void pause() throws IOException;

  /** Records are missing here that the stream trimmed before anybody read them. */
  void gap(Gap gap);

  /** A sentence for the person. */
  void notice(String sentence);
}
