package io.watershed.hive;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.CutFile;
import io.watershed.cut.LiveMode;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.LiveRange;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import io.watershed.cut.condition.Conditions;
import io.watershed.hive.TableSettings.Side;
import io.watershed.hive.WatershedSplit.ArchivedFile;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Divides a scan into tasks: one for each shard's live records, some for the data files. */
final class SplitPlan {
  private static final long MAX_BYTES = 128L << 20;
  private static final int MAX_FILES = 200;

  private final Path location;
  private final TableSettings table;
  private final Sources sources;
  private final Conditions conditions;

  /**
   * @param location of the table in Hive
   * @param conditions of the scan
   */
  SplitPlan(Path location, TableSettings table, Sources sources, Conditions conditions) {
    this.location = location;
    this.table = table;
    this.sources = sources;
    this.conditions = conditions;
  }

  /** The tasks; none if no record can be needed. */
  List<WatershedSplit> splits(QueryCut cut) {
    List<WatershedSplit> splits = new ArrayList<>();
    if (table.side() == Side.ALL) {
      splits.addAll(archived(cut));
    }
    for (LiveRange range : cut.live()) {
      if (needs(range.shard())) {
        splits.add(WatershedSplit.live(location, table, cut.key(), range.shard()));
      }
    }
    return splits;
  }

  private boolean needs(ShardKey shard) {
    return conditions.references().stream()
        .anyMatch(all -> all.stream().allMatch(condition -> mayHold(condition, shard)));
  }

  private static boolean mayHold(Condition condition, ShardKey shard) {
    boolean names = condition.op() == Op.EQUAL || condition.op() == Op.IN;
    if (names && condition.isOn(SystemColumn.SHARD_ID.columnName())) {
      return condition.constants().contains(shard.shardId());
    }
    if (names && condition.isOn(SystemColumn.INCARNATION.columnName())) {
      return condition.constants().contains(shard.incarnation());
    }
    return true;
  }

  /** Files as they are now: whatever compaction did, the cut says which of their rows belong. */
  private List<WatershedSplit> archived(QueryCut cut) {
    if (cut.pinned().tableUuid().equals(PinnedStream.NO_TABLE)) {
      return List.of();
    }
    var resolver = sources.resolver();
    List<CutFile> files =
        resolver
            .repeat(
                sources.archivedSide(conditions),
                cut.archivedPart(),
                LiveMode.OFF,
                LiveNeed.ALL,
                resolver.newStatement())
            .files();
    List<WatershedSplit> splits = new ArrayList<>();
    List<ArchivedFile> some = new ArrayList<>();
    long bytes = 0;
    for (CutFile file : files) {
      if (!some.isEmpty()
          && (bytes + file.file().sizeBytes() > MAX_BYTES || some.size() == MAX_FILES)) {
        splits.add(WatershedSplit.archived(location, table, cut.key(), some));
        some.clear();
        bytes = 0;
      }
      some.add(new ArchivedFile(file.file().key(), file.file().sizeBytes(), file.filtered()));
      bytes += file.file().sizeBytes();
    }
    if (!some.isEmpty()) {
      splits.add(WatershedSplit.archived(location, table, cut.key(), some));
    }
    return splits;
  }
}
