package io.watershed.bench;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMode;
import io.watershed.cut.StreamSources;
import io.watershed.duckdb.RecordRows;
import io.watershed.query.LastPerKey;
import io.watershed.query.QueryEngine;
import io.watershed.query.RecordScan;
import io.watershed.query.RecordSelection;
import io.watershed.query.ScanRequest;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that reads the last record per key as a replay does, or by plain DuckDB's
 * best statement, with the same memory.
 */
final class CompactReplayProcess {
  static final String STREAM = "orders";

  private static final String HEAP = "-Xmx256m";
  private static final long DUCKDB_BYTES = 400L << 20;

  private CompactReplayProcess() {}

  /**
   * What a process did.
   *
   * @param peakBytes its largest resident size
   * @param seconds from the question to the last record
   * @param firstSeconds from the question to the first record
   * @param cpuSeconds of processor time, start and end of the process included
   * @param records how many were read
   * @param sum over their positions, partition keys and payloads
   */
  record Compacted(
      long peakBytes,
      double seconds,
      double firstSeconds,
      double cpuSeconds,
      long records,
      String sum) {
    private static Compacted parse(String line) {
      String[] part = line.split(" ", -1);
      return new Compacted(
          Long.parseLong(part[0]),
          Double.parseDouble(part[1]),
          Double.parseDouble(part[2]),
          Double.parseDouble(part[3]),
          Long.parseLong(part[4]),
          part[5]);
    }

    private String line() {
      return peakBytes
          + " "
          + seconds
          + " "
          + firstSeconds
          + " "
          + cpuSeconds
          + " "
          + records
          + " "
          + sum;
    }
  }

  /**
   * Starts the process and waits for it.
   *
   * @param plain whether DuckDB reads alone
   */
  static Compacted run(Path folder, Path reservoir, boolean plain) throws Exception {
    List<String> options = new ArrayList<>(List.of(HEAP, "-XX:MaxDirectMemorySize=96m"));
    options.add(Processes.quiet(folder));
    Process process =
        Processes.start(
            CompactReplayProcess.class,
            options,
            List.of(reservoir.toString(), folder.toString(), plain ? "plain" : "replay"));
    try {
      return Compacted.parse(Processes.result(process));
    } finally {
      process.destroy();
      int unused = process.waitFor();
    }
  }

  /** Arguments: the reservoir's folder, a folder for what spills, {@code plain} or not. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    SqlSettings settings = settings();
    Meter meter = new Meter();
    try (Reservoir reservoir = Reservoir.open(args[0], AwsAccess.DEFAULT)) {
      if (args[2].equals("plain")) {
        plain(reservoir, settings, folder, meter);
      } else {
        replay(reservoir, settings, folder, meter);
      }
      System.out.println(Processes.RESULT + meter.end().line());
    }
  }

  private static void replay(Reservoir reservoir, SqlSettings settings, Path folder, Meter meter) {
    ScanRequest request =
        ScanRequest.of(STREAM)
            .with(LiveMode.OFF)
            .select(RecordSelection.ALL.lastPer(LastPerKey.partitionKey()));
    try (QueryEngine engine =
            QueryEngine.open(
                reservoir,
                StreamSources.of(Map.of()),
                settings,
                LiveReadSettings.DEFAULTS,
                folder);
        RecordScan scan = engine.scan(request)) {
      Iterator<StreamRecord> records = RecordScan.recordsOf(scan.sideBySide(Map.of()));
      while (records.hasNext()) {
        meter.add(records.next());
      }
    }
  }

  private static void plain(Reservoir reservoir, SqlSettings settings, Path folder, Meter meter)
      throws SQLException {
    ArchiveTable table = reservoir.find(STREAM).orElseThrow();
    List<Path> paths =
        table.files(table.load()).stream()
            .map(file -> reservoir.store().localPath(file.key()).orElseThrow())
            .toList();
    String sql =
        "SELECT "
            + RecordRows.COLUMNS
            + " FROM "
            + PlainParquet.TABLE
            + " SEMI JOIN (SELECT _partition_key AS k, max(_sequence_number) AS n FROM "
            + PlainParquet.TABLE
            + " GROUP BY ALL) AS last ON _partition_key = k AND _sequence_number = n";
    try (PlainParquet duckDb = PlainParquet.open(paths, settings, folder.resolve("plain"))) {
      duckDb.read(sql, row -> meter.add(RecordRows.read(row)));
    }
  }

  private static SqlSettings settings() {
    SqlSettings defaults = SqlSettings.DEFAULTS;
    return new SqlSettings(
        Duration.ofMinutes(30),
        DUCKDB_BYTES,
        defaults.spillBytes(),
        defaults.threads(),
        defaults.maxRows(),
        defaults.maxStatementChars(),
        defaults.maxReshreddedBytes(),
        defaults.maxReshreddedRecords(),
        defaults.cacheBytes(),
        defaults.parallelDownloads());
  }

  /** Counts what is read, in any order. */
  private static final class Meter {
    private final long begun = System.nanoTime();
    private long first;
    private long records;
    private long sum;

    void add(StreamRecord record) {
      first = records++ == 0 ? System.nanoTime() : first;
      long hash = java.util.Arrays.hashCode(record.payload());
      hash = hash * 31 + record.position().hashCode();
      sum += hash * 31 + record.partitionKey().hashCode();
    }

    Compacted end() throws java.io.IOException {
      double cpu =
          ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
      return new Compacted(
          Processes.peakBytes(),
          (System.nanoTime() - begun) / 1e9,
          (first - begun) / 1e9,
          cpu,
          records,
          Long.toHexString(sum));
    }
  }
}
