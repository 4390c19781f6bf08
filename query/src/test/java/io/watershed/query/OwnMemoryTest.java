package io.watershed.query;

import io.watershed.archive.hot.HotMemory;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.cut.HotTail;
import io.watershed.cut.OwnArchiver;
import java.util.Optional;
import java.util.UUID;

/**
 * The same for statements of the archiver's own process; run by those that share its reads, too.
 */
abstract class OwnMemoryTest extends HotBesideTheArchiverTest {
  @Override
  HotTail memory() {
    return new HotTail() {
      @Override
      public HotAnswer ask(UUID table, Documents documents) {
        return held()
            .map(memory -> memory.answer(new HotQuestion(table, "orders", documents)))
            .orElse(HotAnswer.NONE);
      }

      @Override
      public Optional<OwnArchiver> own() {
        return Optional.of(
            (table, arrived) -> held().flatMap(memory -> memory.readThrough(table, arrived)));
      }
    };
  }

  private Optional<HotMemory> held() {
    return pending().map(held -> new HotMemory("orders", held));
  }
}
