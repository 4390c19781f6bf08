package io.watershed.cut;

import io.watershed.core.hottail.HotAnswer;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.TableState;
import java.util.Optional;

/** Asks for a stream's hot tail on behalf of a cut. */
final class HotSide {
  private HotSide() {}

  /**
   * What an archiver holds of this table now. After the table was loaded and before the stream is
   * described: then low and high are compared with a checkpoint that is no newer, and the
   * incarnation with one that is no older.
   */
  static HotAnswer ask(StreamSide side, Optional<TableState> state, StreamSource source) {
    return state
        .map(TableState::tableUuid)
        .map(table -> side.hotTail().ask(table, source.documents()))
        .orElse(HotAnswer.NONE);
  }
}
