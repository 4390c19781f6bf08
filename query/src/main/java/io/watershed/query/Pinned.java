package io.watershed.query;

import io.watershed.cut.HeldCut;
import io.watershed.cut.Receipt;
import io.watershed.cut.ResolvedStream;
import io.watershed.query.view.SharedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * A statement's cut and the streams that answer it. Close it when nothing reads the statement's
 * files any more. Used by one thread.
 */
final class Pinned implements AutoCloseable {
  private final Receipt receipt;
  private final List<HeldCut> held;
  private final Map<String, ResolvedStream> streams = new TreeMap<>();

  Pinned(Receipt receipt, List<HeldCut> held) {
    this.receipt = receipt;
    this.held = new ArrayList<>(held);
    held.forEach(cut -> streams.put(cut.stream().stream(), cut.stream()));
  }

  Receipt receipt() {
    return receipt;
  }

  /** By name; none once the records are released. */
  Map<String, ResolvedStream> streams() {
    return streams;
  }

  ResolvedStream stream(String name) {
    return Objects.requireNonNull(streams.get(name));
  }

  /** What the statements of the same live read have in common of their files. */
  SharedFiles files(String stream, Path temporary, Semaphore writing) {
    return held.stream()
        .filter(cut -> cut.stream().stream().equals(stream))
        .map(cut -> (SharedFiles) cut.shared(() -> new SharedFiles(temporary, writing)))
        .findFirst()
        .orElseThrow();
  }

  /** The statement's files are written: the records need no memory any more. */
  void releaseRecords() {
    streams.clear();
    held.forEach(HeldCut::releaseRecords);
  }

  List<String> notices() {
    List<String> notices = new ArrayList<>();
    for (ResolvedStream stream : streams.values()) {
      notices.addAll(stream.notices());
      int gaps = stream.pinned().gaps().size();
      if (gaps > 0) {
        notices.add(
            "'"
                + stream.stream()
                + "' has "
                + gaps
                + (gaps == 1 ? " gap" : " gaps")
                + ": records that the stream trimmed before they were archived are missing"
                + " (SELECT * FROM watershed.gaps).");
      }
    }
    return notices;
  }

  @Override
  public void close() {
    streams.clear();
    held.forEach(HeldCut::close);
  }
}
