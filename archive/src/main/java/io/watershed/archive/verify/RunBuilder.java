package io.watershed.archive.verify;

import io.watershed.core.record.ShardPosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sorts the positions of one shard in one file into runs of bounded size. Not thread-safe. */
final class RunBuilder {
  /** Positions of a run: 2.5 MiB. */
  static final int MAX_POSITIONS = 65_536;

  private final String file;
  private final RunMemory memory;
  private final List<PositionRun> runs = new ArrayList<>();
  private byte[] filling = new byte[64 * PositionBytes.LENGTH];
  private int filled;
  private boolean sorted = true;

  RunBuilder(String file, RunMemory memory) {
    this.file = file;
    this.memory = memory;
  }

  void add(ShardPosition position) {
    if (filled == filling.length) {
      filling = Arrays.copyOf(filling, filled * 2);
    }
    PositionBytes.write(position, filling, filled);
    sorted &=
        filled == 0
            || PositionBytes.compare(filling, filled - PositionBytes.LENGTH, filling, filled) <= 0;
    filled += PositionBytes.LENGTH;
    if (filled == MAX_POSITIONS * PositionBytes.LENGTH) {
      seal();
    }
  }

  /** The runs; ends the building. */
  List<PositionRun> finish() {
    if (filled > 0) {
      seal();
    }
    return runs;
  }

  private void seal() {
    byte[] positions = Arrays.copyOf(filling, filled);
    byte[] inOrder = sorted ? positions : sort(positions);
    runs.add(PositionRun.of(file, inOrder, isStrict(inOrder), memory));
    filled = 0;
    sorted = true;
  }

  /** Whether no position is there twice. */
  private static boolean isStrict(byte[] inOrder) {
    for (int at = PositionBytes.LENGTH; at < inOrder.length; at += PositionBytes.LENGTH) {
      if (PositionBytes.compare(inOrder, at - PositionBytes.LENGTH, inOrder, at) == 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] sort(byte[] positions) {
    byte[][] each = new byte[positions.length / PositionBytes.LENGTH][];
    for (int i = 0; i < each.length; i++) {
      each[i] =
          Arrays.copyOfRange(positions, i * PositionBytes.LENGTH, (i + 1) * PositionBytes.LENGTH);
    }
    Arrays.sort(each, Arrays::compareUnsigned);
    byte[] sorted = new byte[positions.length];
    for (int i = 0; i < each.length; i++) {
      System.arraycopy(each[i], 0, sorted, i * PositionBytes.LENGTH, PositionBytes.LENGTH);
    }
    return sorted;
  }
}
