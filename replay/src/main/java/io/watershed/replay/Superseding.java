package io.watershed.replay;

import io.watershed.consumer.Version;
import io.watershed.core.record.StreamRecord;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Which archived records the target holds newer versions of. Thread-safe. */
interface Superseding extends AutoCloseable {
  /** For a replay that skips nothing. */
  Superseding NOTHING =
      new Superseding() {
        @Override
        public CompletableFuture<Void> ready() {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public Optional<Version> newerThan(StreamRecord record) {
          return Optional.empty();
        }

        @Override
        public void close() {}
      };

  /**
   * Completes when everything that the target held at the beginning is known; fails with a {@link
   * io.watershed.kinesis.StreamFailure}.
   */
  CompletableFuture<Void> ready();

  /**
   * The newest version that is known to be on the target of the record's partition key, if it is
   * newer than the record. Empty if nothing is known to be newer, as far as versions compare.
   *
   * @throws io.watershed.core.error.WatershedException if the target cannot be watched any more
   */
  Optional<Version> newerThan(StreamRecord record);

  @Override
  void close();
}
