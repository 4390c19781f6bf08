package io.watershed.query.gate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Decides whether a statement may run. Parses on a DuckDB instance of its own that holds nothing.
 * Thread-safe.
 */
public final class SqlGate implements AutoCloseable {
  /** Nesting of the syntax tree's JSON: about 50 levels of subqueries. */
  private static final int MAX_TREE_DEPTH = 400;

  /**
   * Opening brackets in a statement, wherever they stand. DuckDB's parser recurses over them, and
   * ends the process when its stack is used up; {@link #PARSER_STACK_BYTES} suffices for these.
   */
  private static final int MAX_BRACKETS = 10_000;

  private static final long PARSER_STACK_BYTES = 256L << 20;

  private final Connection parser;
  private final int maxStatementChars;
  private final ObjectMapper mapper =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(MAX_TREE_DEPTH)
                      .maxStringLength(Integer.MAX_VALUE)
                      .build())
              .build());

  private SqlGate(Connection parser, int maxStatementChars) {
    this.parser = parser;
    this.maxStatementChars = maxStatementChars;
  }

  /** Opens a gate. */
  public static SqlGate open(SqlSettings settings) {
    try {
      Connection parser = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = parser.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET autoinstall_known_extensions = false");
        statement.execute("SET autoload_known_extensions = false");
        statement.execute("SET enable_external_access = false");
        statement.execute("SET lock_configuration = true");
      }
      return new SqlGate(parser, settings.maxStatementChars());
    } catch (SQLException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "the embedded SQL engine does not start: " + e.getMessage(),
          "Its native library needs a writable java.io.tmpdir and a supported platform.",
          e);
    }
  }

  /**
   * Checks one statement.
   *
   * @throws WatershedException {@code sql} with a hint if it may not run
   */
  public GatedSelect check(String sql) {
    if (sql.length() > maxStatementChars) {
      throw Refusal.of(
          "the statement has " + sql.length() + " characters; the limit is " + maxStatementChars,
          "Put long lists of values into a stream and join it.");
    }
    if (sql.indexOf('\0') >= 0) {
      throw Refusal.of("the statement contains a NUL character", "Remove it.");
    }
    if (sql.chars().filter(c -> c == '(' || c == '[' || c == '{').count() > MAX_BRACKETS) {
      throw Refusal.of(
          "the statement has more than " + MAX_BRACKETS + " brackets",
          "Put long lists of values into a stream and join it.");
    }
    JsonNode statements = parse(sql);
    if (statements.size() != 1) {
      throw Refusal.of(
          statements.isEmpty() ? "there is no statement" : "there are several statements",
          "Write one SELECT; what it needs before goes into WITH.");
    }
    return new SelectWalk().walk(sql, statements.get(0));
  }

  /**
   * Checks a predicate over one table's columns, such as {@code amount > 10 AND status = 'paid'}.
   *
   * @return the predicate as the select list of a statement without tables
   * @throws WatershedException {@code sql} with a hint if it is more than that
   */
  public GatedSelect checkPredicate(String predicate) {
    if (predicate.isBlank()) {
      throw Refusal.of("the predicate is empty", "Leave it out to select everything.");
    }
    String asSelect = "SELECT (\n" + predicate + "\n)";
    GatedSelect select = check(asSelect);
    if (!select.tables().isEmpty()) {
      throw Refusal.of(
          "the predicate reads other tables", "It may use the columns of the stream only.");
    }
    // A predicate that closes the bracket would change the statement that it is put into.
    if (!isOneExpression(parse(asSelect).path(0).path("node"))) {
      throw Refusal.of("the predicate is not one expression", "Write one condition.");
    }
    return select;
  }

  /**
   * Checks that an expression over one table's columns depends on the row alone.
   *
   * @throws WatershedException {@code sql}, also if {@link #checkPredicate} throws it
   */
  public void checkRepeatable(String expression) {
    RepeatableCheck.check(parse(checkPredicate(expression).sql()));
  }

  private static boolean isOneExpression(JsonNode node) {
    return node.path("type").asText().equals("SELECT_NODE")
        && node.path("modifiers").isEmpty()
        && node.path("cte_map").path("map").isEmpty()
        && node.path("select_list").size() == 1
        && node.path("select_list").path(0).path("alias").asText().isEmpty()
        && node.path("from_table").path("type").asText().equals("EMPTY")
        && node.path("where_clause").isNull()
        && node.path("group_expressions").isEmpty()
        && node.path("having").isNull()
        && node.path("sample").isNull()
        && node.path("qualify").isNull();
  }

  @Override
  public void close() {
    synchronized (parser) {
      try {
        parser.close();
      } catch (SQLException e) {
        // Closing an in-memory instance that holds nothing: there is nothing to lose.
        return;
      }
    }
  }

  private JsonNode parse(String sql) {
    JsonNode tree = tree(sql);
    if (tree.path("error").asBoolean()) {
      String message = tree.path("error_message").asText();
      if (tree.path("error_type").asText().equals("not implemented")) {
        throw Refusal.of(
            "the statement is not a SELECT",
            "One SELECT (or WITH ... SELECT, VALUES, DESCRIBE) reads the view; nothing else runs.");
      }
      throw Refusal.of(message, "Check the statement's syntax" + near(sql, tree) + ".");
    }
    return tree.path("statements");
  }

  private static String near(String sql, JsonNode tree) {
    int position = tree.path("position").asInt(-1);
    if (position < 0 || position > sql.length()) {
      return "";
    }
    long line = sql.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
    int column = position - sql.lastIndexOf('\n', Math.max(0, position - 1));
    return " at line " + line + ", character " + Math.max(1, column);
  }

  private JsonNode tree(String sql) {
    FutureTask<JsonNode> parse = new FutureTask<>(() -> serialize(sql));
    new Thread(null, parse, "sql-gate", PARSER_STACK_BYTES).start();
    try {
      return parse.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WatershedException error) {
        throw error;
      }
      throw new WatershedException(
          ErrorCode.INTERNAL, "the statement could not be checked", "", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "the statement was cancelled", "", e);
    }
  }

  private JsonNode serialize(String sql) {
    synchronized (parser) {
      try (PreparedStatement statement =
          parser.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR")) {
        statement.setString(1, sql);
        try (ResultSet result = statement.executeQuery()) {
          result.next();
          return mapper.readTree(result.getString(1));
        }
      } catch (JsonProcessingException e) {
        throw tooDeep();
      } catch (SQLException e) {
        throw Refusal.of("the statement cannot be parsed", "Check its syntax.");
      }
    }
  }

  private static WatershedException tooDeep() {
    return Refusal.of(
        "the statement is nested too deeply",
        "Use fewer levels of subqueries and brackets; WITH makes them flat.");
  }
}
