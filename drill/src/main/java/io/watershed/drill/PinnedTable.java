package io.watershed.drill;

import io.watershed.cut.CutFile;
import io.watershed.cut.LiveRange;
import io.watershed.cut.StreamNames.Side;
import io.watershed.drill.plan.FileUnit;
import io.watershed.drill.plan.NoUnit;
import io.watershed.drill.plan.ScanUnit;
import io.watershed.drill.plan.ShardUnit;
import io.watershed.drill.plan.StreamScan;
import java.util.ArrayList;
import java.util.List;

/**
 * One side of a pinned stream, as a table.
 *
 * @param plugin reads it
 * @param name of the table
 * @param cut the statement's cut
 * @param scan what all of its readers have in common
 * @param units what is to be read, at least one
 */
record PinnedTable(
    WatershedPlugin plugin, String name, PlannedCut cut, StreamScan scan, List<ScanUnit> units) {
  /** Row groups of larger files are read by several readers. */
  private static final long PART_BYTES = 64L << 20;

  PinnedTable {
    units = units.isEmpty() ? List.of(new NoUnit()) : List.copyOf(units);
  }

  static PinnedTable of(WatershedPlugin plugin, Cut.Stream cut, Side side) {
    List<ScanUnit> units = new ArrayList<>();
    if (side != Side.LIVE) {
      cut.resolved().files().forEach(file -> add(units, file));
    }
    if (side != Side.ARCHIVE) {
      for (LiveRange range : cut.ranges()) {
        units.add(ShardUnit.of(range));
      }
    }
    return new PinnedTable(
        plugin,
        cut.resolved().stream() + side.suffix(),
        cut.cut(),
        StreamScan.of(cut.resolved(), side == Side.COPIES),
        units);
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
