package io.watershed.simulator;

import io.watershed.core.record.StreamRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows of data files; a file never changes, so each is taken apart once. */
final class ArchivedRows {
  private final Bucket bucket;
  private final Map<String, List<StreamRecord>> known = new HashMap<>();

  ArchivedRows(Bucket bucket) {
    this.bucket = bucket;
  }

  /** The rows of a file; empty if there is no such file. */
  Optional<List<StreamRecord>> of(String key) {
    Optional<byte[]> file = bucket.get(key);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(known.computeIfAbsent(key, k -> LeanParquet.rows(file.get())));
  }
}
