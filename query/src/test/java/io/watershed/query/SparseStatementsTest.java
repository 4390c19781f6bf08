package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.StreamSources;
import io.watershed.query.StatementReport.StreamCost;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.Sleeper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reservoir that is not on this machine: statements answer as they do beside it, from files that
 * hold nothing but the columns that they read.
 */
class SparseStatementsTest {
  private static final int FILES = 3;
  @TempDir static Path folder;
  private static Water water;
  private static Reservoir remote;
  private static int caches;

  @BeforeAll
  static void archive() throws Exception {
    water = new Water(folder, "orders");
    Random random = new Random(5);
    for (int commit = 0; commit < FILES; commit++) {
      for (int id = commit * 200; id < (commit + 1) * 200; id++) {
        byte[] wide = new byte[600];
        random.nextBytes(wide);
        water.put(
            "orders",
            "key-" + id % 7,
            "{\"id\":"
                + id
                + ",\"amount\":"
                + id
                + (commit == 1 ? ".5" : "")
                + ",\"status\":\"s"
                + id % 3
                + "\",\"customer\":{\"city\":\"c"
                + id % 5
                + "\",\"n\":"
                + id
                + "},\"wide\":\""
                + java.util.HexFormat.of().formatHex(wide)
                + "\",\"late\":"
                + id
                + "}");
      }
      // The last column has no room in the first file: it is decoded again.
      water.archiver.commit(
          "orders",
          water.source("orders"),
          Integer.MAX_VALUE,
          new SchemaSettings(commit == 0 ? 7 : 100, 16, 16),
          List.of());
    }
    water.putOrders("orders", 1000, 1003);
    remote =
        new Reservoir(
            new ForwardingStore(water.reservoir.store()) {
              @Override
              public Optional<Path> localPath(String key) {
                return Optional.empty();
              }

              @Override
              public void close() {}
            },
            ReservoirSettings.DEFAULTS,
            new Backoff(
                ReservoirSettings.DEFAULTS.firstPause(),
                ReservoirSettings.DEFAULTS.longestPause(),
                new Random(1),
                Sleeper.NONE),
            UUID::randomUUID);
  }

  @AfterAll
  static void close() {
    remote.close();
    water.close();
  }

  private static QueryEngine engine(Path cache) {
    return QueryEngine.open(
        remote, StreamSources.of(water.sources), SqlSettings.DEFAULTS, Water.LIVE, cache);
  }

  private static Answer ask(QueryEngine engine, String sql) {
    Answer answer = new Answer();
    answer.outcome = engine.execute(SqlRequest.of(sql), answer);
    answer.rows.sort(Comparator.comparing(SparseStatementsTest::text));
    return answer;
  }

  private static String text(List<Object> row) {
    return row.stream()
        .map(value -> value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : value)
        .toList()
        .toString();
  }

  private static StreamCost cost(Answer answer) {
    return answer.outcome.report().streams().get(0);
  }

  @Test
  void aLocalCopyWithAHoleThatItsRecordHidesIsAnErrorThatSaysWhatToDo() throws Exception {
    Path cache = folder.resolve("cache-" + caches++);
    String sql = "SELECT sum(id), max(status) FROM orders";
    try (QueryEngine far = engine(cache)) {
      Answer whole = ask(far, sql);
      try (Stream<Path> files = Files.list(cache.resolve("files"))) {
        for (Path file : files.filter(p -> p.toString().endsWith(".parquet")).toList()) {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer footer = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(footer, channel.size() - 8);
            int columns = (int) channel.size() - 12 - footer.getInt(0);
            channel.write(ByteBuffer.allocate(columns), 4);
          }
        }
      }
      assertThatThrownBy(() -> ask(far, sql))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY);
                assertThat(e).hasMessageContaining("a data file cannot be decoded");
                assertThat(e.hint()).contains("'watershed verify", "delete the folder");
              });
      try (Stream<Path> files = Files.list(cache.resolve("files"))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      assertThat(ask(far, sql).rows).isEqualTo(whole.rows);
    }
  }

  /** Files that hold more than the cut are filtered by position, whatever the statement names. */
  @Test
  void aCutThatEndsInsideAFileReadsPositionsToo() {
    Object middle =
        ask(water.engine, "SELECT quantile_disc(epoch_ms(_arrival_time), 0.5) FROM orders_archive")
            .single();
    SqlRequest request = SqlRequest.of("SELECT count(amount) FROM orders");
    Answer near =
        Water.ask(water.engine, request.at(AsOf.time(Instant.ofEpochMilli((Long) middle))));
    // By its receipt: the time itself would look into positions, and leave them in the cache.
    try (QueryEngine far = engine(folder.resolve("cache-" + caches++))) {
      assertThat(Water.ask(far, request.at(near.receipt())).rows).isEqualTo(near.rows);
      assertThat((Long) near.single()).isBetween(1L, FILES * 200L - 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM orders",
        "SELECT * FROM orders",
        "SELECT status, sum(id), sum(amount) FROM orders GROUP BY ALL",
        "SELECT customer.city, count(*) FROM orders GROUP BY 1",
        "SELECT \"customer\"['n'] FROM orders_archive WHERE customer.n < 50",
        "SELECT amount__long, amount__double FROM orders",
        "SELECT late FROM orders WHERE late < 300",
        "SELECT o.id, o::VARCHAR FROM orders o WHERE id = 3",
        "SELECT o::VARCHAR FROM orders o WHERE o.id = 3",
        "SELECT o.id, o.customer.city FROM orders AS o WHERE o.status = 's1'",
        "SELECT CAST(answer AS VARCHAR) FROM (SELECT status, sum(id) FROM orders GROUP BY ALL) answer",
        "SELECT x::VARCHAR FROM (SELECT orders AS x FROM orders WHERE id < 5) AS y",
        "SELECT a.o::VARCHAR FROM (SELECT o, o.id AS i FROM orders o) AS a WHERE i = 7",
        "WITH w AS (SELECT id, status FROM orders) SELECT w FROM w WHERE w.id < 9",
        "SELECT j::VARCHAR FROM (orders a JOIN orders_archive b USING (id)) AS j WHERE id < 2",
        "SELECT COLUMNS('_s.*') FROM orders",
        "SELECT json_extract_string(decode(_payload), '$.late') FROM orders WHERE id < 4",
        "SELECT count(*) FROM orders a JOIN orders b USING (id)",
        "SELECT count(*) FROM orders a NATURAL JOIN orders b",
        "WITH w AS (SELECT * FROM orders WHERE _partition_key = 'key-3') SELECT max(STATUS) FROM w",
        "SELECT _shard_id, max(_arrival_time), min(_SEQUENCE_NUMBER) FROM orders GROUP BY 1",
        "FROM orders WHERE id = 450 AND status = 's0'",
        "SELECT id, row_number() OVER (PARTITION BY status ORDER BY amount) FROM orders",
        "SELECT count(*) FROM orders_copies",
        "SELECT column_name, min FROM (SUMMARIZE SELECT id, status FROM orders)",
        "SELECT column_name, min, max, count FROM (SUMMARIZE orders)",
        "DESCRIBE orders",
      })
  void answersAreTheSameAndTheSecondRunFetchesNothing(String sql) {
    Answer near = ask(water.engine, sql);
    Path cache = folder.resolve("cache-" + caches++);
    try (QueryEngine far = engine(cache)) {
      Answer first = ask(far, sql);
      assertThat(first.rows.stream().map(SparseStatementsTest::text))
          .isEqualTo(near.rows.stream().map(SparseStatementsTest::text).toList());
      if (cost(first).filesRead() > 0 && !sql.equals("DESCRIBE orders")) {
        assertThat(cost(first).bytesFetched()).isPositive();
      }
      assertThat(cost(ask(far, sql)).bytesFetched()).isZero();
    }
    try (QueryEngine anotherProcess = engine(cache)) {
      assertThat(cost(ask(anotherProcess, sql)).bytesFetched()).isZero();
    }
  }
}
