package io.watershed.hive;

import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveRangeReader;
import io.watershed.cut.Waiting;
import io.watershed.cut.condition.Conditions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.RecordReader;

/** Rows of one split. Kept copies of replayed records are proven with the rest, and left out. */
final class WatershedRecordReader implements RecordReader<NullWritable, RowWritable> {
  private final Sources sources;
  private final RecordRows rows;
  private final RecordStream records;
  private final RecordFilter filter;
  private final Deque<StreamRecord> ahead = new ArrayDeque<>();
  private long read;

  private WatershedRecordReader(
      Sources sources, RecordRows rows, RecordStream records, RecordFilter filter) {
    this.sources = sources;
    this.rows = rows;
    this.records = records;
    this.filter = filter;
  }

  /**
   * Opens a split.
   *
   * @param conditions what the scan is filtered by
   */
  static WatershedRecordReader open(
      WatershedSplit split, ReadColumns columns, Conditions conditions) {
    Sources sources = Sources.open(split.table());
    try {
      QueryCut cut = QueryCut.read(split.cut(), sources);
      RecordRows rows = new RecordRows(columns, cut, sources.format());
      RecordStream records =
          split.isLive()
              ? LiveRecords.of(cut, split.shard(), sources)
              : new ArchivedRecords(
                  sources.reservoir().store(), split.files(), cut.archived(), rows.needsPayload());
      return new WatershedRecordReader(sources, rows, records, new RecordFilter(conditions));
    } catch (RuntimeException e) {
      sources.close();
      throw e;
    }
  }

  @Override
  public boolean next(NullWritable key, RowWritable value) throws IOException {
    try {
      while (ahead.isEmpty()) {
        Optional<List<StreamRecord>> batch = records.next();
        if (batch.isEmpty()) {
          return false;
        }
        batch.get().stream()
            .filter(record -> !record.isCopy() && filter.mayNeed(record))
            .forEach(ahead::add);
      }
      value.set(rows.row(ahead.remove()));
      read++;
      return true;
    } catch (WatershedException e) {
      throw Failures.forHive(e);
    }
  }

  @Override
  public NullWritable createKey() {
    return NullWritable.get();
  }

  @Override
  public RowWritable createValue() {
    return new RowWritable();
  }

  /** Rows so far. */
  @Override
  public long getPos() {
    return read;
  }

  @Override
  public float getProgress() {
    return records.progress();
  }

  @Override
  public void close() {
    records.close();
    sources.close();
  }

  /** The live records of one shard: read at once, within the bounds of a live read. */
  private static final class LiveRecords implements RecordStream {
    private final Deque<List<StreamRecord>> batch = new ArrayDeque<>();

    static LiveRecords of(QueryCut cut, ShardKey shard, Sources sources) {
      LiveRangeReader reader =
          new LiveRangeReader(
              sources.live(), sources.scheduler(), SplittableRandom::new, Waiting::within);
      LiveRecords records = new LiveRecords();
      records.batch.add(reader.read(sources.requireSource(), cut.range(shard), cut.archived()));
      return records;
    }

    @Override
    public Optional<List<StreamRecord>> next() {
      return Optional.ofNullable(batch.poll());
    }

    @Override
    public float progress() {
      return batch.isEmpty() ? 1 : 0;
    }

    @Override
    public void close() {
      batch.clear();
    }
  }
}
