package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.archive.verify.VerifyListener.Phase;
import io.watershed.archive.verify.VerifyListener.Progress;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Looks for a table's files in the store by listing its folder once, and reads their footers,
 * several at once. What is missing or cannot be read is a finding.
 */
final class Footers {
  private static final int PARALLEL_READS = 8;

  private final ArchiveTable table;
  private final Findings findings;
  private final VerifyOptions options;
  private final Map<String, Long> sizes = new HashMap<>();

  Footers(ArchiveTable table, Findings findings, VerifyOptions options) {
    this.table = table;
    this.findings = findings;
    this.options = options;
  }

  /** The readable footers, in the order of the files; each file once. */
  List<Footer> read(List<DataFileInfo> listed) {
    List<DataFileInfo> files = once(listed);
    list(files);
    ExecutorService readers = Executors.newFixedThreadPool(PARALLEL_READS);
    try {
      List<CompletableFuture<Outcome>> reads =
          files.stream()
              .map(file -> CompletableFuture.supplyAsync(() -> read(file), readers))
              .toList();
      List<Footer> footers = new ArrayList<>();
      long done = 0;
      for (CompletableFuture<Outcome> read : reads) {
        Outcome outcome = join(read);
        outcome.problem.ifPresent(
            problem -> findings.addFile(problem.kind, problem.file, problem.message));
        outcome.footer.ifPresent(footers::add);
        done++;
        options.listener().progress(new Progress(Phase.FOOTERS, done, files.size()));
        if (options.stop().getAsBoolean()) {
          throw Verify.cancelled();
        }
      }
      return footers;
    } finally {
      readers.shutdownNow();
    }
  }

  private List<DataFileInfo> once(List<DataFileInfo> files) {
    Map<String, DataFileInfo> byKey = new LinkedHashMap<>();
    for (DataFileInfo file : files) {
      if (byKey.putIfAbsent(file.key(), file) != null) {
        findings.addFile(Kind.FILE_TWICE, file.key(), "The table lists this file twice");
      }
    }
    return List.copyOf(byKey.values());
  }

  private void list(List<DataFileInfo> files) {
    Set<String> wanted = new HashSet<>();
    files.forEach(file -> wanted.add(file.key()));
    for (ObjectInfo object : table.dataObjects()) {
      if (wanted.contains(object.key())) {
        sizes.put(object.key(), object.sizeBytes());
      }
    }
  }

  private record Problem(Kind kind, String file, String message) {}

  private record Outcome(Optional<Footer> footer, Optional<Problem> problem) {}

  private Outcome read(DataFileInfo file) {
    Long size = sizes.get(file.key());
    if (size == null) {
      return problem(Kind.FILE_MISSING, file, "The file is not there");
    }
    if (size != file.sizeBytes()) {
      return problem(
          Kind.FILE_DAMAGED,
          file,
          "The file has %d bytes instead of %d".formatted(size, file.sizeBytes()));
    }
    try {
      Footer footer = new Footer(file, table.sums(file));
      long rows = footer.sums().shards().stream().mapToLong(ShardSums::rows).sum();
      return rows == file.rows()
          ? new Outcome(Optional.of(footer), Optional.empty())
          : problem(
              Kind.FILE_DAMAGED,
              file,
              "The footer says %d records, the table %d".formatted(rows, file.rows()));
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.INTEGRITY) {
        throw e;
      }
      String message = String.valueOf(e.getMessage());
      boolean foreign = message.contains("no sums");
      return problem(foreign ? Kind.FILE_FOREIGN : Kind.FILE_DAMAGED, file, message);
    } catch (RuntimeException e) {
      // The decoders of Thrift and Parquet believe what they read.
      return problem(Kind.FILE_DAMAGED, file, "Its footer cannot be read: " + e);
    }
  }

  private static Outcome problem(Kind kind, DataFileInfo file, String message) {
    return new Outcome(Optional.empty(), Optional.of(new Problem(kind, file.key(), message)));
  }

  private static Outcome join(CompletableFuture<Outcome> read) {
    try {
      return read.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WatershedException error) {
        throw error;
      }
      throw e;
    }
  }
}
