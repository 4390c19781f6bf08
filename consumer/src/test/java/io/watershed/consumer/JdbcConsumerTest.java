package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.ReplayedLog.Delivery;
import io.watershed.consumer.ReplayedLog.Put;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented consumer over JDBC, over a real embedded database. */
class JdbcConsumerTest {
  @TempDir Path folder;

  private DocumentedClass documented;
  private Connection connection;
  private Object consumer;
  private boolean crashesAtCommit;

  @BeforeEach
  void open() throws Exception {
    documented = DocumentedClass.compile("replay.md", "OrderTable", folder);
    connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE orders"
              + " (key VARCHAR PRIMARY KEY, payload BLOB, version VARCHAR, deleted_at TIMESTAMP)");
    }
    connection.commit();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    documented.close();
  }

  @Test
  void itConvergesOverCrashesAndRestarts() throws Exception {
    Random random = new Random(5);
    ReplayedLog log = ReplayedLog.random(random, 40);
    List<Delivery> deliveries =
        Interleavings.random(
            random,
            List.of(
                log.live(0, 40),
                log.replay(ReplayedLog.withStepsBack(random, 0, 40)),
                log.overwrite(30, "-fixed", 3, 9, 17),
                log.replayOfReplay(5, 6, 7, 8)));

    int checkpoint = 0;
    for (int crashAt = 11; crashAt < deliveries.size(); crashAt += 29) {
      deliveries.subList(checkpoint, crashAt).forEach(this::read);
      crashIn(deliveries.get(crashAt));
      checkpoint = crashAt - 3;
    }
    deliveries.subList(checkpoint, deliveries.size()).forEach(this::read);

    assertThat(state()).isEqualTo(payloads(log.stateInOrder(40)));
  }

  @Test
  void aCrashBeforeTheCommitKeepsNeitherStateNorVersion() throws Exception {
    ReplayedLog log = new ReplayedLog(List.of(new Put("k", "1"), new Put("k", "2")));
    List<Delivery> live = log.live(0, 2);
    read(live.get(0));

    crashIn(live.get(1));

    assertThat(state()).isEqualTo(payloads(Map.of("k", "1")));
    read(live.get(1));
    assertThat(state()).isEqualTo(payloads(Map.of("k", "2")));
  }

  @Test
  void theVersionOfADeletedKeyIsKeptForTheHorizon() throws Exception {
    ReplayedLog log = new ReplayedLog(List.of(new Put("k", "1"), new Put("k", null)));
    log.live(0, 2).forEach(this::read);
    Delivery old = log.replay(0).get(0);

    forgetDeleted(Instant.now().minus(Duration.ofDays(7)));
    read(old);
    assertThat(state()).isEmpty();

    forgetDeleted(Instant.now().plus(Duration.ofDays(2)));
    read(old);
    assertThat(state()).as("a replay that reaches back too far").containsOnlyKeys("k");
  }

  private void connect() throws Exception {
    connection = DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("orders.db"));
    Connection crashing =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> call(method, arguments));
    consumer = documented.type().getConstructor(Connection.class).newInstance(crashing);
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (crashesAtCommit && method.getName().equals("commit")) {
      throw new SQLException("crash");
    }
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** The process dies in the record's transaction, and another one opens the database. */
  private void crashIn(Delivery delivery) throws Exception {
    crashesAtCommit = true;
    try {
      read(delivery);
    } catch (IllegalStateException e) {
      // the crash
    }
    crashesAtCommit = false;
    connection.close();
    connect();
  }

  private void read(Delivery delivery) {
    Position at = delivery.readAt();
    try {
      documented
          .type()
          .getMethod(
              "onRecord", String.class, String.class, String.class, String.class, byte[].class)
          .invoke(
              consumer, at.stream(), at.shard(), at.sequence(), delivery.key(), delivery.bytes());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void forgetDeleted(Instant before) throws Exception {
    documented.type().getMethod("forgetDeleted", Instant.class).invoke(consumer, before);
  }

  private Map<String, String> state() throws SQLException {
    Map<String, String> state = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT key, payload FROM orders WHERE payload IS NOT NULL")) {
      while (rows.next()) {
        state.put(rows.getString(1), new String(rows.getBytes(2), UTF_8));
      }
    }
    return state;
  }

  private static Map<String, String> payloads(Map<String, String> state) {
    Map<String, String> payloads = new TreeMap<>();
    state.forEach(
        (key, value) ->
            payloads.put(key, new String(ReplayedLog.bytes(new Put(key, value)), UTF_8)));
    return payloads;
  }
}
