package io.watershed.query;

import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;

/**
 * A record of a scan, and what the scan's expressions give for it.
 *
 * @param record the record as it is archived
 * @param values as text, in the order of {@link ScanRequest#expressions()}; empty for NULL
 */
public record ScannedRecord(StreamRecord record, List<Optional<String>> values) {
  public ScannedRecord {
    values = List.copyOf(values);
  }
}
