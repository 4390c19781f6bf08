package io.watershed.cut;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the statements that have a cut, and those that still need its records. Thread-safe. */
final class SharedCut {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCut.class);

  private final LiveMemory.Claim claim;
  private int statements;
  private int readers;
  private @Nullable AutoCloseable attachment;

  /**
   * Of statements that will all release the records, and leave.
   *
   * @param claim on the records
   */
  SharedCut(LiveMemory.Claim claim, int statements) {
    this.claim = claim;
    this.statements = statements;
    this.readers = statements;
  }

  /** How much the records take. */
  long bytes() {
    return claim.held();
  }

  synchronized AutoCloseable attachment(Supplier<? extends AutoCloseable> maker) {
    AutoCloseable made = attachment;
    if (made == null) {
      made = maker.get();
      attachment = made;
    }
    return made;
  }

  synchronized void releaseRecords() {
    if (--readers == 0) {
      claim.release();
    }
  }

  synchronized void leave() {
    if (--statements == 0 && attachment != null) {
      try {
        attachment.close();
      } catch (Exception e) {
        LOG.warn("what statements shared did not close: {}", e.getMessage());
      }
    }
  }
}
