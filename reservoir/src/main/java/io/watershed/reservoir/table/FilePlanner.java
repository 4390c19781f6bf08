package io.watershed.reservoir.table;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.SystemColumn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.ManifestEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * Lists a snapshot's data files, leaving out manifests by their partition days and files by their
 * column bounds. One thread; what is kept in memory is the {@link ManifestCache}'s.
 */
final class FilePlanner {
  /** A filter over more shards than this is not worth its evaluation. */
  private static final int MAX_SHARDS_IN_FILTER = 200;

  private final ReservoirFileIO io;
  private final ManifestCache cache;

  /** Files of one time have the same columns: named once, for those of each set of leaves. */
  private final Map<Set<Integer>, Set<String>> columns = new HashMap<>();

  FilePlanner(ReservoirFileIO io, ManifestCache cache) {
    this.io = io;
    this.cache = cache;
  }

  List<DataFileInfo> plan(TableMetadata table, Snapshot snapshot, FileFilter filter) {
    return plan(table, snapshot, expression(filter));
  }

  List<DataFileInfo> plan(TableMetadata table, Snapshot snapshot, FilePredicate predicate) {
    return plan(table, snapshot, expression(table, predicate));
  }

  private List<DataFileInfo> plan(TableMetadata table, Snapshot snapshot, Expression expression) {
    ManifestEvaluator manifests = ManifestEvaluator.forRowFilter(expression, table.spec(), true);
    List<DataFileInfo> files = new ArrayList<>();
    Predicate<DataFile> mayHold = mayHold(table, expression);
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      if (!manifests.eval(manifest)) {
        continue;
      }
      if (ManifestCache.isKept(manifest)) {
        cache.files(io, manifest, table.specsById()).stream()
            .filter(mayHold)
            .forEach(file -> files.add(describe(table, file)));
      } else {
        addFiles(table, manifest, expression, files);
      }
    }
    files.sort(Comparator.comparing(DataFileInfo::key));
    return List.copyOf(files);
  }

  /** As {@link ManifestReader#filterRows} chooses: by the partition, then by the bounds. */
  private static Predicate<DataFile> mayHold(TableMetadata table, Expression filter) {
    if (filter == Expressions.alwaysTrue()) {
      return file -> true; // files without rows, too: their footers hold what was skipped
    }
    Evaluator partition =
        new Evaluator(
            table.spec().partitionType(), Projections.inclusive(table.spec()).project(filter));
    InclusiveMetricsEvaluator metrics = new InclusiveMetricsEvaluator(table.schema(), filter);
    return file -> partition.eval(file.partition()) && metrics.eval(file);
  }

  private void addFiles(
      TableMetadata table, ManifestFile manifest, Expression filter, List<DataFileInfo> files) {
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, table.specsById())) {
      for (DataFile file : reader.filterRows(filter)) {
        files.add(describe(table, file));
      }
    } catch (IOException e) {
      throw FileList.unreadable(manifest, e);
    }
  }

  static DataFileInfo describe(ReservoirFileIO io, TableMetadata table, DataFile file) {
    return new FilePlanner(io, new ManifestCache()).describe(table, file);
  }

  private DataFileInfo describe(TableMetadata table, DataFile file) {
    Integer day = file.partition().get(0, Integer.class);
    return new DataFileInfo(
        io.keyOf(file.location()),
        file.fileSizeInBytes(),
        file.recordCount(),
        LocalDate.ofEpochDay(day),
        shard(file.lowerBounds()),
        shard(file.upperBounds()),
        text(file.lowerBounds(), SystemColumn.SEQUENCE_NUMBER),
        text(file.upperBounds(), SystemColumn.SEQUENCE_NUMBER),
        columns.computeIfAbsent(leaves(file), ids -> columns(table, ids)));
  }

  private static Set<Integer> leaves(DataFile file) {
    return file.valueCounts() == null ? Set.of() : file.valueCounts().keySet();
  }

  /** Both bounds together bound the pair, since the incarnation compares first. */
  private static Optional<ShardKey> shard(
      @org.jspecify.annotations.Nullable Map<Integer, ByteBuffer> bounds) {
    return text(bounds, SystemColumn.INCARNATION)
        .flatMap(
            incarnation ->
                text(bounds, SystemColumn.SHARD_ID).map(id -> new ShardKey(incarnation, id)));
  }

  private static Optional<String> text(
      @org.jspecify.annotations.Nullable Map<Integer, ByteBuffer> bounds, SystemColumn column) {
    ByteBuffer bound = bounds == null ? null : bounds.get(column.fieldId());
    if (bound == null) {
      return Optional.empty();
    }
    CharSequence text = Conversions.fromByteBuffer(Types.StringType.get(), bound);
    return Optional.of(text.toString());
  }

  /** A file has a count for each leaf that it holds, and for no other (see TableDefaults). */
  private static Set<String> columns(TableMetadata table, Set<Integer> leaves) {
    Set<String> columns = new TreeSet<>();
    for (int id : leaves) {
      String path = table.schema().findColumnName(id);
      if (path != null) {
        int dot = path.indexOf('.');
        columns.add(dot < 0 ? path : path.substring(0, dot));
        columns.add(path);
      }
    }
    return Set.copyOf(columns);
  }

  private static Expression expression(TableMetadata table, FilePredicate predicate) {
    if (predicate instanceof FilePredicate.AllOf all) {
      return all.parts().stream()
          .map(part -> expression(table, part))
          .reduce(Expressions.alwaysTrue(), Expressions::and);
    }
    if (predicate instanceof FilePredicate.AnyOf any) {
      return any.parts().stream()
          .map(part -> expression(table, part))
          .reduce(Expressions.alwaysFalse(), Expressions::or);
    }
    FilePredicate.Range range = (FilePredicate.Range) predicate;
    if (table.schema().findField(range.column()) == null) {
      return Expressions.alwaysTrue();
    }
    // Not NULL is a condition too: a file that has no value in the column has none in the range.
    Expression within = Expressions.notNull(range.column());
    if (range.lowest().isPresent()) {
      within =
          Expressions.and(
              within, Expressions.greaterThanOrEqual(range.column(), range.lowest().get()));
    }
    if (range.highest().isPresent()) {
      within =
          Expressions.and(
              within, Expressions.lessThanOrEqual(range.column(), range.highest().get()));
    }
    return within;
  }

  private static Expression expression(FileFilter filter) {
    Expression all = Expressions.alwaysTrue();
    String sequence = SystemColumn.SEQUENCE_NUMBER.columnName();
    String arrival = SystemColumn.ARRIVAL_TIME.columnName();
    if (filter.firstSequence().isPresent()) {
      all =
          Expressions.and(
              all, Expressions.greaterThanOrEqual(sequence, filter.firstSequence().get().padded()));
    }
    if (filter.lastSequence().isPresent()) {
      all =
          Expressions.and(
              all, Expressions.lessThanOrEqual(sequence, filter.lastSequence().get().padded()));
    }
    if (filter.arrivedFrom().isPresent()) {
      all =
          Expressions.and(
              all, Expressions.greaterThanOrEqual(arrival, micros(filter.arrivedFrom().get())));
    }
    if (filter.arrivedBefore().isPresent()) {
      // Rounded up: a bound with nanoseconds must not cut off the microsecond that it lies in.
      Instant before = filter.arrivedBefore().get().plusNanos(999);
      all = Expressions.and(all, Expressions.lessThan(arrival, micros(before)));
    }
    return Expressions.and(all, shards(filter.shards()));
  }

  private static Expression shards(Set<ShardKey> shards) {
    if (shards.isEmpty() || shards.size() > MAX_SHARDS_IN_FILTER) {
      return Expressions.alwaysTrue();
    }
    Expression any = Expressions.alwaysFalse();
    for (ShardKey shard : shards) {
      any =
          Expressions.or(
              any,
              Expressions.and(
                  Expressions.equal(SystemColumn.INCARNATION.columnName(), shard.incarnation()),
                  Expressions.equal(SystemColumn.SHARD_ID.columnName(), shard.shardId())));
    }
    return any;
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
