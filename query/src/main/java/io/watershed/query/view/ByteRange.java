package io.watershed.query.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A range of bytes of a file.
 *
 * @param start inclusive
 * @param end exclusive
 */
record ByteRange(long start, long end) {
  private static final Comparator<ByteRange> BY_START = Comparator.comparingLong(ByteRange::start);

  long length() {
    return end - start;
  }

  static long total(List<ByteRange> ranges) {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }

  /** Sorted, none empty, and those that are at most so many bytes apart made one. */
  static List<ByteRange> merge(List<ByteRange> ranges, long gap) {
    List<ByteRange> merged = new ArrayList<>();
    for (ByteRange next : ranges.stream().sorted(BY_START).toList()) {
      int last = merged.size() - 1;
      if (next.length() <= 0) {
        continue;
      }
      if (last >= 0 && next.start() <= merged.get(last).end() + gap) {
        ByteRange before = merged.get(last);
        merged.set(last, new ByteRange(before.start(), Math.max(before.end(), next.end())));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  /** What of the wanted ranges is not among those that are present. */
  static List<ByteRange> missing(List<ByteRange> wanted, List<ByteRange> present) {
    List<ByteRange> there = merge(present, 0);
    List<ByteRange> missing = new ArrayList<>();
    for (ByteRange range : merge(wanted, 0)) {
      long from = range.start();
      for (ByteRange known : there) {
        if (known.end() <= from || known.start() >= range.end()) {
          continue;
        }
        if (known.start() > from) {
          missing.add(new ByteRange(from, known.start()));
        }
        from = Math.max(from, known.end());
      }
      if (from < range.end()) {
        missing.add(new ByteRange(from, range.end()));
      }
    }
    return missing;
  }

  /** The same bytes in pieces of at most this length. */
  static List<ByteRange> split(List<ByteRange> ranges, long length) {
    List<ByteRange> pieces = new ArrayList<>();
    for (ByteRange range : ranges) {
      for (long at = range.start(); at < range.end(); at += length) {
        pieces.add(new ByteRange(at, Math.min(at + length, range.end())));
      }
    }
    return pieces;
  }
}
