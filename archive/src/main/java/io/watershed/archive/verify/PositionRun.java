package io.watershed.archive.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sorted positions of one shard in one file, in memory or in a temporary file, and a cursor over
 * them. A spilled run is read a block at a time and keeps no file open. Not thread-safe.
 */
final class PositionRun implements Comparable<PositionRun> {
  private static final int BLOCK_BYTES = PositionBytes.LENGTH * 1024;

  private final String file;
  private final RunMemory memory;
  private final long bytes;
  private final byte[] last;
  private final boolean strict;
  private final @Nullable Path spilled;
  private byte[] block;
  private long blockStart;
  private int at;

  private PositionRun(
      String file,
      RunMemory memory,
      long bytes,
      byte[] last,
      boolean strict,
      byte[] block,
      @Nullable Path spilled) {
    this.file = file;
    this.memory = memory;
    this.bytes = bytes;
    this.last = last;
    this.strict = strict;
    this.block = block;
    this.spilled = spilled;
  }

  /**
   * A run of these positions.
   *
   * @param file the data file that they are in
   * @param sorted positions, one behind the other; not empty
   * @param strict no position is there twice
   */
  static PositionRun of(String file, byte[] sorted, boolean strict, RunMemory memory) {
    byte[] last = Arrays.copyOfRange(sorted, sorted.length - PositionBytes.LENGTH, sorted.length);
    if (memory.take(sorted.length)) {
      return new PositionRun(file, memory, sorted.length, last, strict, sorted, null);
    }
    Path spilled = memory.spill(sorted);
    byte[] first = Arrays.copyOf(sorted, Math.min(BLOCK_BYTES, sorted.length));
    return new PositionRun(file, memory, sorted.length, last, strict, first, spilled);
  }

  /** The data file. */
  String file() {
    return file;
  }

  /** The position at the cursor. */
  byte[] head() {
    return Arrays.copyOfRange(block, at, at + PositionBytes.LENGTH);
  }

  byte[] last() {
    return last;
  }

  /** Whether no position is there twice. */
  boolean isStrict() {
    return strict;
  }

  /** Moves the cursor; false at the end. */
  boolean next() {
    at += PositionBytes.LENGTH;
    if (at < block.length) {
      return true;
    }
    blockStart += block.length;
    if (spilled == null || blockStart >= bytes) {
      return false;
    }
    block = readBlock(spilled);
    at = 0;
    return true;
  }

  private byte[] readBlock(Path from) {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, bytes - blockStart));
    try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer, blockStart + buffer.position()) >= 0) {
        // until the block is full
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.array();
  }

  /** Gives back what it holds. */
  void close() {
    if (spilled == null) {
      memory.giveBack(bytes);
      return;
    }
    try {
      Files.deleteIfExists(spilled);
    } catch (IOException ignored) {
      // The folder is deleted with the verification.
    }
  }

  @Override
  public int compareTo(PositionRun other) {
    return PositionBytes.compare(block, at, other.block, other.at);
  }
}
