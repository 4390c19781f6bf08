package io.watershed.archive.verify;

import io.watershed.archive.verify.VerifyListener.Phase;
import io.watershed.archive.verify.VerifyListener.Progress;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.reservoir.table.DataFileInfo;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads every row of many files, a few at a time, and merges their positions in the order of the
 * files. Memory does not grow with the archive: rows stream, and positions are kept only where
 * ranges of files overlap, beyond a bound on disk.
 */
final class RowsCheck {
  private static final int PARALLEL_FILES =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));

  private final FileCheck fileCheck;
  private final Findings findings;
  private final VerifyOptions options;
  private final Map<ShardKey, Long> rowsRead = new TreeMap<>();
  private long payloadBytes;
  private long fileBytes;

  RowsCheck(FileCheck fileCheck, Findings findings, VerifyOptions options) {
    this.fileCheck = fileCheck;
    this.findings = findings;
    this.options = options;
  }

  /** Rows of the shard that were read back. */
  long rowsRead(ShardKey shard) {
    return rowsRead.getOrDefault(shard, 0L);
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long fileBytes() {
    return fileBytes;
  }

  void check(List<Footer> footers) {
    List<Footer> inOrder =
        footers.stream()
            .sorted(
                Comparator.comparing((Footer footer) -> footer.file().day())
                    .thenComparing(footer -> footer.file().key()))
            .toList();
    long all = inOrder.stream().map(Footer::file).mapToLong(DataFileInfo::sizeBytes).sum();
    PositionMerge merge = new PositionMerge(inOrder, findings);
    ExecutorService readers = Executors.newFixedThreadPool(PARALLEL_FILES);
    try {
      Deque<CompletableFuture<FileResult>> open = new ArrayDeque<>();
      Iterator<Footer> next = inOrder.iterator();
      while (next.hasNext() || !open.isEmpty()) {
        while (next.hasNext() && open.size() < PARALLEL_FILES) {
          Footer footer = next.next();
          open.add(CompletableFuture.supplyAsync(() -> fileCheck.check(footer), readers));
        }
        take(join(open.remove()), merge);
        options.listener().progress(new Progress(Phase.ROWS, fileBytes, all));
        if (options.stop().getAsBoolean()) {
          throw Verify.cancelled();
        }
      }
      merge.finish();
    } finally {
      readers.shutdown();
      awaitEnd(readers);
    }
  }

  private void take(FileResult result, PositionMerge merge) {
    result.rows().forEach((shard, rows) -> rowsRead.merge(shard, rows, Long::sum));
    payloadBytes += result.payloadBytes();
    fileBytes += result.footer().file().sizeBytes();
    merge.add(result.footer(), result.runs());
  }

  /** Native readers must be done before their database is closed; they ask for a stop often. */
  private static void awaitEnd(ExecutorService readers) {
    boolean interrupted = false;
    while (true) {
      try {
        if (readers.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static FileResult join(CompletableFuture<FileResult> read) {
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
