package io.watershed.drill;

import io.watershed.cut.CutFile;
import io.watershed.cut.LiveRange;
import io.watershed.cut.StreamNames.Side;
import io.watershed.cut.condition.Conditions;
import io.watershed.drill.plan.FileUnit;
import io.watershed.drill.plan.NoUnit;
import io.watershed.drill.plan.ScanUnit;
import io.watershed.drill.plan.ShardUnit;
import io.watershed.drill.plan.StreamScan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One side of a pinned stream, as a table.
 *
 * @param plugin reads it
 * @param name of the table
 * @param cut the statement's cut
 * @param scan what all of its readers have in common
 * @param units what is to be read, at least one
 * @param needed the units that can hold rows for which conditions hold
 */
record PinnedTable(
    WatershedPlugin plugin,
    String name,
    PlannedCut cut,
    StreamScan scan,
    List<ScanUnit> units,
    Function<Conditions, List<ScanUnit>> needed) {
  /** Row groups of larger files are read by several readers. */
  private static final long PART_BYTES = 64L << 20;

  PinnedTable {
    units = units.isEmpty() ? List.of(new NoUnit()) : List.copyOf(units);
  }

  static PinnedTable of(WatershedPlugin plugin, Cut.Stream part, Side side) {
    return new PinnedTable(
        plugin,
        part.resolved().stream() + side.suffix(),
        part.cut(),
        StreamScan.of(part.resolved(), side == Side.COPIES),
        units(part.resolved().files(), part.ranges(), side),
        conditions -> units(part.files(conditions), part.ranges(conditions), side));
  }

  /** Without the units that hold no row for which the conditions hold. */
  PinnedTable limitedBy(Conditions conditions) {
    return new PinnedTable(plugin, name, cut, scan, needed.apply(conditions), needed);
  }

  private static List<ScanUnit> units(List<CutFile> files, List<LiveRange> ranges, Side side) {
    List<ScanUnit> units = new ArrayList<>();
    if (side != Side.LIVE) {
      files.forEach(file -> add(units, file));
    }
    if (side != Side.ARCHIVE) {
      ranges.forEach(range -> units.add(ShardUnit.of(range)));
    }
    return units;
  }

  private static void add(List<ScanUnit> units, CutFile file) {
    int parts = (int) Math.max(1, (file.file().sizeBytes() + PART_BYTES - 1) / PART_BYTES);
    for (int part = 0; part < parts; part++) {
      units.add(
          new FileUnit(
              file.file().key(),
              file.file().rows(),
              file.file().sizeBytes(),
              part,
              parts,
              file.filtered()));
    }
  }
}
