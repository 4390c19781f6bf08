package io.watershed.query;

import io.watershed.archive.hot.HotMemory;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.cut.HotTail;

/** The same for statements of the archiver's own process, as {@code watershed serve} asks. */
class OwnMemoryTest extends HotBesideTheArchiverTest {
  @Override
  HotTail memory() {
    return (table, documents) ->
        pending()
            .map(held -> new HotMemory("orders", held))
            .map(memory -> memory.answer(new HotQuestion(table, "orders", documents)))
            .orElse(HotAnswer.NONE);
  }
}
