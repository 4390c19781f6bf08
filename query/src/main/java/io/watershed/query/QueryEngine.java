package io.watershed.query;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.cut.LiveMemory;
import io.watershed.cut.StreamSources;
import io.watershed.query.worker.WorkerSettings;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Answers SQL over archived and live records, and scans streams in order. Each statement resolves
 * one cut, shared by all of its scans, and runs on a DuckDB instance of its own. Thread-safe.
 */
public interface QueryEngine extends AutoCloseable {

  /**
   * Opens an engine. Nothing is read until a statement asks for it.
   *
   * @param reservoir where archives and receipts are; stays the caller's
   * @param sources the live sides
   * @param sql bounds of a statement
   * @param live bounds of a live read; all of them together hold a quarter of the heap at most
   * @param cacheFolder local folder for data files from S3 and for DuckDB's temporary files
   */
  static QueryEngine open(
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings sql,
      LiveReadSettings live,
      Path cacheFolder) {
    return new DuckDbQueryEngine(
        reservoir,
        sources,
        sql,
        live,
        LiveMemory.ofHeap(),
        cacheFolder,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * As {@link #open}, but each user's statement runs in a process of its own with a memory limit: a
   * native crash or too much memory ends one statement with an error. Scans of {@link #scan} run in
   * this process. The first process starts at once; close the engine to end them.
   */
  static QueryEngine openIsolated(
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings sql,
      LiveReadSettings live,
      Path cacheFolder,
      WorkerSettings workers) {
    return new DuckDbQueryEngine(
        reservoir,
        sources,
        sql,
        live,
        LiveMemory.ofHeap(),
        cacheFolder,
        Optional.of(workers),
        Optional.empty());
  }

  /**
   * As {@link #open}, but users' statements are answered by another engine, over the cut that this
   * one resolves and stores as their receipt. Scans of {@link #scan} run in this process. The other
   * engine is closed with this one.
   */
  static QueryEngine openRemote(
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings sql,
      LiveReadSettings live,
      Path cacheFolder,
      RemoteEngine remote) {
    return new DuckDbQueryEngine(
        reservoir,
        sources,
        sql,
        live,
        LiveMemory.ofHeap(),
        cacheFolder,
        Optional.empty(),
        Optional.of(remote));
  }

  /**
   * Runs one statement and hands its rows to the sink.
   *
   * @throws io.watershed.core.error.WatershedException {@code sql} for a statement that is refused
   *     or fails, {@code not-found} for a receipt, {@code gap} when a receipt cannot be answered
   *     any more, {@code limit} when a bound is reached, {@code cancelled} when the control or an
   *     interrupt ended it
   */
  QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control);

  /** As {@link #execute(SqlRequest, ResultSink, StatementControl)}, without a handle on it. */
  default QueryOutcome execute(SqlRequest request, ResultSink sink) {
    return execute(request, sink, new StatementControl());
  }

  /** Pins a scan of one stream; close it. Errors as in {@link #execute(SqlRequest, ResultSink)}. */
  RecordScan scan(ScanRequest request);

  /**
   * Makes sure that a scan would give the same rows whenever it is asked with the same receipt: its
   * SQL depends on the record alone, not on the time, on chance or on other records.
   *
   * @throws io.watershed.core.error.WatershedException {@code sql}
   */
  void requireRepeatable(ScanRequest request);

  /**
   * Makes sure that a text is one condition over the columns of a stream, and no more.
   *
   * @throws io.watershed.core.error.WatershedException {@code sql}
   */
  void requirePredicate(String predicate);

  @Override
  void close();
}
