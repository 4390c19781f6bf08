import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;

/**
 * Answers a statement with DuckDB alone, as CSV: the reference that checks compare with. The table
 * {@code data} is the given file, as DuckDB reads it.
 *
 * <p>Usage: {@code java -cp duckdb_jdbc.jar PlainDuckDb.java <file.json|file.ndjson> "<select>"}
 */
public final class PlainDuckDb {
  private PlainDuckDb() {}

  public static void main(String[] args) throws Exception {
    String file = Path.of(args[0]).toAbsolutePath().toString().replace("'", "''");
    if (!Files.exists(Path.of(args[0]))) {
      throw new IllegalArgumentException("there is no file " + file);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE VIEW data AS SELECT * FROM read_json('" + file + "', maximum_object_size=67108864)");
      try (ResultSet rows = statement.executeQuery(args[1])) {
        print(rows);
      }
    }
  }

  private static void print(ResultSet rows) throws Exception {
    ResultSetMetaData columns = rows.getMetaData();
    StringBuilder line = new StringBuilder();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      line.append(i > 1 ? "," : "").append(columns.getColumnLabel(i));
    }
    System.out.println(line);
    while (rows.next()) {
      line.setLength(0);
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        Object value = rows.getObject(i);
        line.append(i > 1 ? "," : "").append(value == null ? "" : value);
      }
      System.out.println(line);
    }
  }
}
