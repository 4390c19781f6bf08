package io.watershed.hiveserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hive.service.server.HiveServer2;
import org.jspecify.annotations.Nullable;

/**
 * Starts HiveServer2 by the {@code hive-site.xml} on the class path, and answers statements over
 * Thrift, as any JDBC client has them answered. Each line of the input is a statement in Base64;
 * each line of the output a word and Base64: {@code row} with its values, then {@code ok}, or
 * {@code error} with the message. A statement after {@code step} is fetched row by row, each after
 * a line more of the input. The process ends with its input.
 */
public final class HiveProcess {
  private static final String NULL = "-";
  private static final String STEP = "step ";

  private HiveProcess() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException, SQLException {
    PrintStream answers = System.out;
    System.setOut(System.err); // Hive prints there
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    HiveConf conf = new HiveConf(HiveProcess.class);
    conf.setInt("hive.server2.thrift.port", port);
    HiveServer2 server = new HiveServer2();
    server.init(conf);
    server.start();
    String url = "jdbc:hive2://127.0.0.1:" + port + "/default";
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (Connection connection = DriverManager.getConnection(url, "test", "")) {
      answers.println("up");
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        boolean steps = line.startsWith(STEP);
        String sql = steps ? line.substring(STEP.length()) : line;
        answer(connection, decoded(sql), steps ? input : null, answers);
      }
    }
    Runtime.getRuntime().halt(0); // Hive's threads would keep it
  }

  private static void answer(
      Connection connection, String sql, @Nullable BufferedReader steps, PrintStream answers)
      throws IOException {
    try (Statement statement = connection.createStatement()) {
      if (steps != null) {
        statement.setFetchSize(1);
      }
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          print(rows, steps, answers);
        }
      }
      answers.println("ok");
    } catch (SQLException e) {
      answers.println("error " + encoded(String.valueOf(e.getMessage())));
    }
  }

  private static void print(ResultSet rows, @Nullable BufferedReader steps, PrintStream answers)
      throws SQLException, IOException {
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      StringBuilder line = new StringBuilder("row");
      for (int i = 1; i <= columns; i++) {
        String value = rows.getString(i);
        line.append(' ').append(value == null ? NULL : encoded(value));
      }
      answers.println(line);
      if (steps != null) {
        steps.readLine();
      }
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String line) {
    return new String(Base64.getDecoder().decode(line.strip()), StandardCharsets.UTF_8);
  }
}
