package io.watershed.archive.encode;

import io.watershed.core.record.StreamRecord;
import java.time.LocalDate;
import java.util.List;

/** What a file's records must be: of one day, by shard and position, none twice (PROTOCOL 3.7). */
final class RecordOrder {
  private RecordOrder() {}

  static void require(LocalDate day, List<StreamRecord> records) {
    long epochDay = day.toEpochDay();
    StreamRecord previous = null;
    for (StreamRecord record : records) {
      if (record.arrivalDay() != epochDay) {
        throw new IllegalArgumentException(record + " did not arrive on " + day);
      }
      if (previous != null && compare(previous, record) >= 0) {
        throw new IllegalArgumentException(record + " is not after " + previous);
      }
      previous = record;
    }
  }

  private static int compare(StreamRecord a, StreamRecord b) {
    int byShard = a.shard().compareTo(b.shard());
    return byShard != 0 ? byShard : a.position().compareTo(b.position());
  }
}
