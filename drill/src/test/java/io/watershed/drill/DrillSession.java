package io.watershed.drill;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.drill.exec.util.JsonStringArrayList;

/** A session with a drillbit in which the reservoir of a pond is the default schema. */
final class DrillSession implements AutoCloseable {
  private final Connection connection;

  private DrillSession(Connection connection) {
    this.connection = connection;
  }

  /** Makes the plugin of this configuration known as {@code watershed}. */
  static DrillSession open(EmbeddedDrillbit drillbit, Path config) throws Exception {
    WatershedPluginConfig settings = WatershedPluginConfig.of(config.toString());
    settings.setEnabled(true);
    drillbit.drillbit().getContext().getStorage().put("watershed", settings);
    DrillSession session = new DrillSession(drillbit.connect());
    session.run("USE watershed");
    session.run("ALTER SESSION SET `planner.parser.quoting_identifiers` = '\"'");
    return session;
  }

  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Answer ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(plain(result.getObject(i)));
        }
        rows.add(row);
      }
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        names.add(result.getMetaData().getColumnLabel(i));
      }
      return new Answer(names, rows);
    }
  }

  /** Text inside a struct is of a class of Drill's own. */
  private static Object plain(Object cell) {
    if (cell instanceof Map<?, ?> struct) {
      Map<String, Object> members = new LinkedHashMap<>();
      struct.forEach((name, member) -> members.put(name.toString(), plain(member)));
      return members;
    }
    if (cell instanceof JsonStringArrayList<?> list) {
      return list.stream().map(DrillSession::plain).toList();
    }
    return cell;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
