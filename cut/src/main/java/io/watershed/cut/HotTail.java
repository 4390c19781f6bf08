package io.watershed.cut;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import java.util.Optional;
import java.util.UUID;

/** Where a statement gets records that an archiver has read and not committed. Thread-safe. */
@FunctionalInterface
public interface HotTail {
  /** There is no archiver to ask. */
  HotTail NONE = (table, documents) -> HotAnswer.NONE;

  /**
   * What an archiver of the stream holds now. Waits for it a short while; whatever goes wrong, the
   * answer is {@link HotAnswer#NONE}, because the stream itself has it all.
   *
   * @param table identity of the archive table that the statement has pinned
   * @param documents how the statement takes Kinesis records apart
   */
  HotAnswer ask(UUID table, Documents documents);

  /** The archiver, if it runs in this process: its commit can be waited for. */
  default Optional<OwnArchiver> own() {
    return Optional.empty();
  }
}
