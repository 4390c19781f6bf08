package io.watershed.replay;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.Receipt;
import io.watershed.query.QueryEngine;
import io.watershed.query.QueryOutcome;
import io.watershed.query.RecordScan;
import io.watershed.query.ResultSink;
import io.watershed.query.ScanRequest;
import io.watershed.query.ScannedRecord;
import io.watershed.query.SqlRequest;
import io.watershed.query.StatementControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Scans a list, whatever is asked; remembers what was asked. */
final class ListEngine implements QueryEngine {
  final List<ScanRequest> asked = new ArrayList<>();
  private final List<StreamRecord> records;

  ListEngine(List<StreamRecord> records) {
    this.records = records;
  }

  @Override
  public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RecordScan scan(ScanRequest request) {
    asked.add(request);
    return new RecordScan() {
      @Override
      public Receipt receipt() {
        return new Receipt("0123456789ab", "{}", Instant.EPOCH, List.of());
      }

      @Override
      public List<ShardKey> shards() {
        return records.stream().map(StreamRecord::shard).distinct().toList();
      }

      @Override
      public Totals totals() {
        return new Totals(
            records.size(),
            records.stream().mapToLong(r -> r.payload().length).sum(),
            records.stream().mapToLong(r -> r.payload().length).max().orElse(0));
      }

      @Override
      public Optional<Extent> extent() {
        return Optional.empty();
      }

      @Override
      public Iterator<ScannedRecord> rows(Optional<ScanPosition> after) {
        int start = 0;
        for (int i = 0; i < records.size(); i++) {
          if (after.isPresent() && Fixtures.place(records.get(i)).equals(after.get())) {
            start = i + 1;
          }
        }
        return records.subList(start, records.size()).stream().map(Fixtures::row).iterator();
      }

      @Override
      public Iterator<StreamRecord> recordsBeyond(Map<ShardKey, After> done) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Iterator<ScannedRecord> sideBySide(Map<ShardKey, After> done) {
        return Fixtures.sideBySide(records, done, records.size());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void requireRepeatable(ScanRequest request) {}

  @Override
  public void requirePredicate(String predicate) {}

  @Override
  public void close() {}
}
