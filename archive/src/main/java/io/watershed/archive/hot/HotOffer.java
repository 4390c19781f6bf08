package io.watershed.archive.hot;

import io.watershed.archive.PendingRecords;
import io.watershed.archive.PendingShard;
import io.watershed.core.checkpoint.After;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.record.ShardPosition;
import java.util.Optional;

/**
 * What is promised of a shard when an answer begins (PROTOCOL 5.4); records that come later are not
 * part of it.
 *
 * @param low exclusive
 * @param high inclusive
 * @param drained the shard is closed, and {@code high} is its end
 */
record HotOffer(After low, ShardPosition high, boolean drained) {

  /** Empty if nothing can be said of the shard. */
  static Optional<HotOffer> of(PendingShard shard) {
    boolean something = shard.recordCount() > 0 || shard.drained();
    return shard
        .high()
        .filter(high -> something)
        .map(high -> new HotOffer(shard.low(), high, shard.drained()));
  }

  /** Why this statement can use nothing of what is held; empty if it can. */
  static Optional<String> refusal(HotQuestion question, String stream, PendingRecords.Held held) {
    if (!question.stream().equals(stream)) {
      return Optional.of("this is another stream");
    }
    if (held.what().isEmpty()) {
      return Optional.of("nothing is being archived now");
    }
    PendingRecords.Of what = held.what().get();
    if (!what.table().equals(question.table())) {
      return Optional.of("this is another table");
    }
    return what.documents() == question.documents()
        ? Optional.empty()
        : Optional.of("records are taken apart in another way");
  }
}
