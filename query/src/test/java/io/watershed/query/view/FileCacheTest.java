package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.duckdb.SqlText;
import io.watershed.query.view.LocalFiles.Localized;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.Part;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.DataFileLayout;
import io.watershed.reservoir.table.DataFileLayout.Chunk;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  private static final int ROWS = 60_000;
  private static final Set<String> SMALL = Set.of("id", "amount", "status");
  private static final Optional<Set<String>> ALL = Optional.empty();
  private static final String SUMS = "SELECT sum(id), sum(amount), min(status) FROM ";

  @TempDir static Path made;
  @TempDir Path folder;
  private static byte[] content;
  private static Connection connection;

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, String> versions = new ConcurrentHashMap<>();
  private volatile Consumer<String> beforeRead = key -> {};
  private final AtomicLong fetched = new AtomicLong();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final ExecutorService executor = Executors.newFixedThreadPool(4);

  /** A wide payload, a column that zeros would not surprise, and one with a Bloom filter. */
  @BeforeAll
  static void make() throws Exception {
    Path file = made.resolve("made.parquet");
    connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS id, (i % 1000) * 1.5::DOUBLE AS amount, 's' || i % 50 AS status,"
              + " {'city': 'c' || i % 9, 'n': i} AS customer, i % 2 = 0 AS even, (md5(i::VARCHAR)"
              + " || md5((i + 1)::VARCHAR) || md5((i + 2)::VARCHAR))::BLOB AS _payload FROM range("
              + ROWS
              + ") r(i)) TO "
              + SqlText.literal(file.toString())
              + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)");
    }
    content = Files.readAllBytes(file);
  }

  @AfterAll
  static void forget() throws SQLException {
    connection.close();
    content = new byte[0];
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void onlyTheColumnsAreFetchedAndOnlyOnce() throws Exception {
    FileCache cache = cache(100 << 20);
    Localized first = cache.localize(List.of(object("a")), Optional.of(SMALL));
    assertThat(first.bytesFetched()).isEqualTo(fetched.get());
    assertThat(first.bytesFetched() * 100 / content.length).isLessThanOrEqualTo(15);
    String expected = answer(SUMS, made.resolve("made.parquet"));
    assertThat(answer(SUMS, first.paths().get(0))).isEqualTo(expected);

    DataFileInfo twice = object("a");
    Localized again =
        cache(100 << 20).localize(List.of(twice, twice), Optional.of(Set.of("id", "status")));
    assertThat(again.bytesFetched()).isZero();
    assertThat(again.paths()).containsExactly(first.paths().get(0), first.paths().get(0));

    Localized whole = cache.localize(List.of(object("a")), ALL);
    assertThat(fetched.get()).isLessThan(content.length + (1 << 20));
    assertThat(Files.size(whole.paths().get(0))).isEqualTo(content.length);
    assertThat(
            answer(
                "SELECT md5(string_agg(md5(t::VARCHAR), '' ORDER BY id)) FROM ",
                whole.paths().get(0)))
        .isEqualTo(
            answer(
                "SELECT md5(string_agg(md5(t::VARCHAR), '' ORDER BY id)) FROM ",
                made.resolve("made.parquet")));
    assertThat(cache.localize(List.of(object("a")), ALL).bytesFetched()).isZero();
  }

  @Test
  void aHoleIsNeverReadAsData() throws Exception {
    Path local =
        cache(100 << 20).localize(List.of(object("a")), Optional.of(Set.of("id"))).paths().get(0);
    int errors = 0;
    for (String column : List.of("amount", "status", "customer.city", "even", "_payload")) {
      for (String function : List.of("count(%s)", "max(%s)", "count(*) FILTER (%s IS NULL)")) {
        String sql = "SELECT " + function.formatted(column) + " FROM ";
        try {
          // The footer alone may answer it.
          assertThat(answer(sql, local))
              .as(sql)
              .isEqualTo(answer(sql, made.resolve("made.parquet")));
        } catch (SQLException e) {
          errors++;
        }
      }
    }
    assertThat(errors).isGreaterThanOrEqualTo(5);
    assertThat(answer("SELECT count(*), sum(id) FROM ", local))
        .isEqualTo(answer("SELECT count(*), sum(id) FROM ", made.resolve("made.parquet")));
  }

  /** Every chunk in turn becomes a hole: an error, or the right answer, and nothing else. */
  @Test
  void knockedOutChunksAreErrorsOrNotNeeded() throws Exception {
    Path whole = made.resolve("made.parquet");
    List<String> statements =
        List.of(
            "SELECT sum(id), sum(amount), max(customer.city || customer.n), count(DISTINCT even),"
                + " max(octet_length(_payload)) FROM ",
            "SELECT count(*) FROM ",
            "SELECT count(*), sum(amount) FROM %s WHERE id < 100",
            "SELECT id FROM %s WHERE status = 's77'");
    DataFileLayout layout =
        DataFileLayout.read(
            "made",
            content.length,
            (offset, length) -> Arrays.copyOfRange(content, (int) offset, (int) offset + length));
    assertThat(layout.rows()).isEqualTo(ROWS);
    Map<String, String> answers = new HashMap<>();
    for (String sql : statements) {
      answers.put(sql, answer(sql, whole));
    }
    int errors = 0;
    Path broken = folder.resolve("broken.parquet");
    Files.write(broken, content);
    for (Chunk chunk : layout.chunks()) {
      try (FileChannel channel = FileChannel.open(broken, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate((int) chunk.length()), chunk.offset());
        for (String sql : statements) {
          String expected = answers.get(sql);
          try {
            assertThat(answer(sql, broken)).as(sql + chunk).isEqualTo(expected);
          } catch (SQLException e) {
            errors++;
          }
        }
        channel.write(
            ByteBuffer.wrap(content, (int) chunk.offset(), (int) chunk.length()), chunk.offset());
      }
    }
    assertThat(errors).isGreaterThanOrEqualTo(layout.chunks().size() / 2);
  }

  @Test
  void aRecordThatIsTornOrOlderThanItsFileCountsForNothing() throws Exception {
    FileCache cache = cache(100 << 20);
    Path path = cache.localize(List.of(object("a")), Optional.of(SMALL)).paths().get(0);
    String expected = answer(SUMS, path);
    // As after a crash: half a line at the end, and a line whose number lost a digit.
    Path record = SparseFile.recordOf(path);
    Files.writeString(
        record, "4 " + content.length + " 00000000\n4 99999", StandardOpenOption.APPEND);
    assertThat(SparseFile.recorded(record)).noneMatch(range -> range.length() > content.length / 2);
    cache.localize(List.of(object("a")), Optional.of(Set.of("even")));
    assertThat(answer("SELECT count(even) FROM ", path)).isEqualTo(ROWS + "|");
    // Cut short: what was recorded is gone with it.
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(100);
    }
    assertThat(cache.localize(List.of(object("a")), Optional.of(SMALL)).bytesFetched())
        .isPositive();
    assertThat(answer(SUMS, path)).isEqualTo(expected);
  }

  @Test
  void anObjectThatVanishedOrChangedIsNamed() {
    DataFileInfo file = object("a");
    objects.put("a", Arrays.copyOf(content, content.length - 1));
    assertBroken(file, "ends before byte");
    byte[] shifted = new byte[content.length + 1];
    System.arraycopy(content, 0, shifted, 1, content.length);
    objects.put("a", shifted);
    assertBroken(file, "not a whole Parquet file");
    objects.put("a", content);
    assertBroken(info("a", content.length, ROWS + 1), "has " + ROWS + " rows");
    objects.remove("a");
    assertBroken(file, "does not exist");
  }

  private void assertBroken(DataFileInfo file, String how) {
    assertThatThrownBy(() -> cache(100 << 20).localize(List.of(file), Optional.of(SMALL)))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining(how);
  }

  @Test
  void theLeastRecentlyUsedFilesGoAndThoseInUseStay() throws Exception {
    FileCache cache = cache(content.length * 5L / 2);
    Path a = cache.localize(List.of(object("a")), ALL).paths().get(0);
    later(1);
    Path b = cache.localize(List.of(object("b")), ALL).paths().get(0);
    later(60 * 60);
    cache.localize(List.of(object("a")), ALL);
    Path c;
    // A statement that has the file open reads on while it goes.
    try (FileChannel reading = FileChannel.open(b)) {
      c = cache.localize(List.of(object("c")), ALL).paths().get(0);
      assertThat(b).doesNotExist();
      assertThat(SparseFile.recordOf(b)).doesNotExist();
      ByteBuffer all = ByteBuffer.allocate(content.length);
      reading.read(all, 0);
      assertThat(all.array()).isEqualTo(content);
    }
    assertThat(a).exists();
    // Everything was used a moment ago: the bound gives way, not a running statement.
    Path d = cache.localize(List.of(object("d")), ALL).paths().get(0);
    assertThat(List.of(a, c, d)).allMatch(Files::exists);
  }

  @Test
  void nobodyEvictsWhileSomebodyFills() throws Exception {
    CacheLock lock = CacheLock.of(folder);
    AtomicLong evictions = new AtomicLong();
    try (CacheLock.Release one = lock.fill();
        CacheLock.Release two = lock.fill()) {
      assertThat(lock.evict(evictions::incrementAndGet)).isFalse();
    }
    assertThat(lock.evict(evictions::incrementAndGet)).isTrue();
    assertThat(evictions).hasValue(1);
  }

  @Test
  void aStatementThatNeedsMoreThanTheBoundIsRefused() {
    FileCache cache = cache(content.length / 2);
    assertThatThrownBy(() -> cache.localize(List.of(object("a")), ALL))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    assertThat(cache.localize(List.of(object("a")), Optional.of(SMALL)).paths()).hasSize(1);
  }

  @Test
  void anObjectThatIsReplacedUnderItsKeyNeverMixesWithTheOldOne() throws Exception {
    String before = answer(SUMS, made.resolve("made.parquet"));
    FileCache cache = cache(100 << 20);
    Path old = cache.localize(List.of(object("a")), Optional.of(Set.of("id"))).paths().get(0);
    // Replaced by the very same bytes under another version, as a restored backup is.
    versions.put("a", "restored");
    Path fresh = cache.localize(List.of(object("a")), Optional.of(SMALL)).paths().get(0);
    assertThat(fresh).isNotEqualTo(old);
    assertThat(answer(SUMS, fresh)).isEqualTo(before);
    // Replaced again and again while it is read: an error, and nothing that was mixed.
    AtomicLong reads = new AtomicLong();
    beforeRead = key -> versions.put("a", "v" + reads.incrementAndGet());
    assertThatThrownBy(() -> cache.localize(List.of(object("a")), ALL))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("was replaced by another object");
    beforeRead = key -> {};
    assertThat(answer(SUMS, cache.localize(List.of(object("a")), ALL).paths().get(0)))
        .isEqualTo(before);
  }

  /** A process that fills the same folder, killed at any moment. */
  @Test
  void processesShareAFolderAndOneThatIsKilledLeavesNothingWrong() throws Exception {
    Path whole = made.resolve("made.parquet");
    String expected = answer(SUMS, whole);
    String payloads = answer("SELECT max(md5(_payload)) FROM ", whole);
    for (int kill = 0; kill < 4; kill++) {
      Process other = FillingProcess.start(whole, folder, 2 + 3 * kill);
      for (String column : List.of("id", "amount", "status", "customer")) {
        cache(100 << 20).localize(List.of(object("a")), Optional.of(Set.of(column)));
      }
      assertThat(other.inputReader().lines().anyMatch(FillingProcess.HANGS::equals)).isTrue();
      other.destroyForcibly().waitFor();
      Path local =
          cache(100 << 20).localize(List.of(object("a")), Optional.of(SMALL)).paths().get(0);
      assertThat(answer(SUMS, local)).isEqualTo(expected);
    }
    Path local = cache(100 << 20).localize(List.of(object("a")), ALL).paths().get(0);
    assertThat(answer("SELECT max(md5(_payload)) FROM ", local)).isEqualTo(payloads);
    assertThat(Files.readAllBytes(local)).isEqualTo(content);
  }

  private void later(int seconds) {
    now.updateAndGet(time -> time.plusSeconds(seconds));
  }

  private static String answer(String sql, Path file) throws SQLException {
    String table = "read_parquet(" + SqlText.literal(file.toString()) + ") AS t";
    String statementSql = sql.contains("%s") ? sql.replace("%s", table) : sql + table;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(statementSql)) {
      StringBuilder text = new StringBuilder();
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          text.append(rows.getString(i)).append('|');
        }
      }
      return text.toString();
    }
  }

  private FileCache cache(long maxBytes) {
    ObjectStore remote =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "localPath" -> Optional.empty();
                      case "getPart" ->
                          part((String) arguments[0], (long) arguments[1], (int) arguments[2]);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new FileCache(remote, folder, maxBytes, executor, now::get);
  }

  private Part part(String key, long offset, int length) {
    beforeRead.accept(key);
    byte[] bytes = range(key, offset, length);
    return new Part(bytes, versions.getOrDefault(key, "first"));
  }

  private byte[] range(String key, long offset, int length) {
    byte[] object = objects.get(key);
    if (object == null) {
      throw new WatershedException(ErrorCode.STORE, "'" + key + "' does not exist", "");
    }
    int end = (int) Math.min(object.length, offset + length);
    fetched.addAndGet(end - offset);
    return Arrays.copyOfRange(object, (int) offset, end);
  }

  private DataFileInfo object(String key) {
    objects.putIfAbsent(key, content);
    return info(key, content.length, ROWS);
  }

  private static DataFileInfo info(String key, long size, long rows) {
    return new DataFileInfo(
        key,
        size,
        rows,
        LocalDate.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }
}
