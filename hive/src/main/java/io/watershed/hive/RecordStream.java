package io.watershed.hive;

import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;

/** Records of one split, batch by batch. One thread reads it, and closes it. */
interface RecordStream extends AutoCloseable {
  /** The next records, maybe none; empty after the end. */
  Optional<List<StreamRecord>> next();

  /** Between 0 and 1, as far as that is known. */
  float progress();

  @Override
  void close();
}
