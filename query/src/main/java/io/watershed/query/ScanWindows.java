package io.watershed.query;

import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.CutFile;
import io.watershed.query.view.PositionSql;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Cuts a shard's archived records into ranges of positions, each small enough to sort (PROTOCOL
 * 6.1). Files say which range of a shard they hold. Ranges overlap: files of one commit have the
 * same one, a day each, and a compacted file's reaches from its first commit to its last. So a
 * window may cut through a file, and its condition picks the rows.
 */
final class ScanWindows {
  /** A window is closed when it has this many records of its shard. */
  static final long WINDOW_RECORDS = 100_000;

  /** ... or when the shard's share of its files has this many bytes, compressed. */
  static final long WINDOW_FILE_BYTES = 32L << 20;

  private static final Comparator<Optional<ShardPosition>> START_FIRST =
      Comparator.comparing(
          from -> from.orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));

  private final List<CutFile> files;
  private final Map<ShardKey, List<Window>> windows;

  private ScanWindows(List<CutFile> files, Map<ShardKey, List<Window>> windows) {
    this.files = files;
    this.windows = windows;
  }

  /**
   * A range of positions of one shard.
   *
   * @param from exclusive; empty for the shard's start
   * @param through inclusive
   * @param files every file that holds records of the range
   * @param records about how many, for bounds
   * @param bytes about their share of the files' sizes
   */
  record Window(
      Optional<ShardPosition> from,
      ShardPosition through,
      List<CutFile> files,
      long records,
      long bytes) {
    /** This range and the one that follows it. */
    Window with(Window next) {
      return new Window(
          from,
          next.through,
          Stream.concat(files.stream(), next.files.stream()).distinct().toList(),
          records + next.records,
          bytes + next.bytes);
    }

    /** True for rows of the range: a compacted file may hold rows of its neighbours too. */
    String condition() {
      return from.map(PositionSql::isAfter).orElse("true")
          + " AND NOT "
          + PositionSql.isAfter(through);
    }
  }

  /**
   * The windows of files whose day may hold a record in the times.
   *
   * @param footers per file, in the same order
   */
  static ScanWindows of(
      List<CutFile> files,
      List<FileSums> footers,
      Optional<Instant> from,
      Optional<Instant> until) {
    return of(files, footers, from, until, 1);
  }

  /**
   * The same in smaller windows.
   *
   * @param part of the usual size: how many windows may be sorted together
   */
  static ScanWindows of(
      List<CutFile> files,
      List<FileSums> footers,
      Optional<Instant> from,
      Optional<Instant> until,
      int part) {
    List<CutFile> wanted = new ArrayList<>();
    Map<ShardKey, List<Piece>> pieces = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      CutFile file = files.get(i);
      if (!mayHold(file.file().day(), from, until)) {
        continue;
      }
      wanted.add(file);
      for (ShardSums sums : footers.get(i).shards()) {
        if (sums.rows() > 0) {
          pieces.computeIfAbsent(sums.shard(), k -> new ArrayList<>()).add(new Piece(sums, file));
        }
      }
    }
    Map<ShardKey, List<Window>> windows = new HashMap<>();
    pieces.forEach((shard, list) -> windows.put(shard, join(list, part)));
    return new ScanWindows(wanted, windows);
  }

  private static boolean mayHold(LocalDate day, Optional<Instant> from, Optional<Instant> until) {
    Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return from.map(end::isAfter).orElse(true) && until.map(begin::isBefore).orElse(true);
  }

  /** The files of all windows. */
  List<CutFile> files() {
    return files;
  }

  /** The shard's windows in order. */
  List<Window> of(ShardKey shard) {
    return windows.getOrDefault(shard, List.of());
  }

  private record Piece(ShardSums sums, CutFile file) {
    boolean startsBefore(ShardPosition position) {
      return sums.from().map(from -> from.compareTo(position) < 0).orElse(true);
    }

    long bytes() {
      DataFileInfo info = file.file();
      return info.rows() == 0 ? 0 : info.sizeBytes() * sums.rows() / info.rows();
    }
  }

  /**
   * Windows end where ranges do. A file whose range goes on beyond a window's end is in the next
   * one too; it counts for the first, or a late record in a large file would make all that lies
   * between into windows of one commit each.
   */
  private static List<Window> join(List<Piece> pieces, int part) {
    pieces.sort(Comparator.comparing((Piece piece) -> piece.sums().from(), START_FIRST));
    List<ShardPosition> ends =
        pieces.stream().map(piece -> piece.sums().through()).distinct().sorted().toList();
    List<Window> windows = new ArrayList<>();
    Growing growing = new Growing(pieces.get(0).sums().from());
    int next = 0;
    for (ShardPosition end : ends) {
      while (next < pieces.size() && pieces.get(next).startsBefore(end)) {
        growing.add(pieces.get(next++));
      }
      if (growing.isLarge(part) || end.equals(ends.get(ends.size() - 1))) {
        windows.add(growing.window(end));
        growing = growing.after(end);
      }
    }
    return windows;
  }

  private static final class Growing {
    private final Optional<ShardPosition> from;
    private final List<Piece> pieces = new ArrayList<>();
    private long records;
    private long bytes;

    Growing(Optional<ShardPosition> from) {
      this.from = from;
    }

    void add(Piece piece) {
      pieces.add(piece);
      records += piece.sums().rows();
      bytes += piece.bytes();
    }

    boolean isLarge(int part) {
      return records >= WINDOW_RECORDS / part || bytes >= WINDOW_FILE_BYTES / part;
    }

    Window window(ShardPosition through) {
      return new Window(from, through, pieces.stream().map(Piece::file).toList(), records, bytes);
    }

    /** What follows, with the files that reach beyond. */
    Growing after(ShardPosition end) {
      Growing following = new Growing(Optional.of(end));
      pieces.stream()
          .filter(piece -> piece.sums().through().compareTo(end) > 0)
          .forEach(following.pieces::add);
      return following;
    }
  }
}
