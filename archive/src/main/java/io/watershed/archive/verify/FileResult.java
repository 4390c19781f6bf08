package io.watershed.archive.verify;

import io.watershed.core.record.ShardKey;
import java.util.List;
import java.util.Map;

/**
 * What came of reading one file.
 *
 * @param footer the file
 * @param rows rows per shard
 * @param runs sorted positions per shard
 * @param payloadBytes payload bytes read
 */
record FileResult(
    Footer footer,
    Map<ShardKey, Long> rows,
    Map<ShardKey, List<PositionRun>> runs,
    long payloadBytes) {

  /** Of a file whose rows were not read. */
  static FileResult unread(Footer footer) {
    return new FileResult(footer, Map.of(), Map.of(), 0);
  }
}
