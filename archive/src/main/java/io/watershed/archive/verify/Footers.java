package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyFinding.Kind;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums.ShardSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads the footers of a table's files, several at once; what cannot be read is a finding. */
final class Footers {
  private static final int PARALLEL_READS = 8;

  private final ArchiveTable table;
  private final ObjectStore store;
  private final Findings findings;

  Footers(ArchiveTable table, ObjectStore store, Findings findings) {
    this.table = table;
    this.store = store;
    this.findings = findings;
  }

  /** The readable footers, in the order of the files. */
  List<Footer> read(List<DataFileInfo> files) {
    ExecutorService readers = Executors.newFixedThreadPool(PARALLEL_READS);
    try {
      List<CompletableFuture<Outcome>> reads =
          files.stream()
              .map(file -> CompletableFuture.supplyAsync(() -> read(file), readers))
              .toList();
      List<Footer> footers = new ArrayList<>();
      for (CompletableFuture<Outcome> read : reads) {
        Outcome outcome = join(read);
        outcome.problem.ifPresent(
            problem -> findings.addFile(problem.kind, problem.file, problem.message));
        outcome.footer.ifPresent(footers::add);
      }
      return footers;
    } finally {
      readers.shutdownNow();
    }
  }

  private record Problem(Kind kind, String file, String message) {}

  private record Outcome(Optional<Footer> footer, Optional<Problem> problem) {}

  private Outcome read(DataFileInfo file) {
    Optional<ObjectInfo> found = store.stat(file.key());
    if (found.isEmpty()) {
      return problem(Kind.FILE_MISSING, file, "The file is not there");
    }
    if (found.get().sizeBytes() != file.sizeBytes()) {
      return problem(
          Kind.FILE_DAMAGED,
          file,
          "The file has %d bytes instead of %d"
              .formatted(found.get().sizeBytes(), file.sizeBytes()));
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
