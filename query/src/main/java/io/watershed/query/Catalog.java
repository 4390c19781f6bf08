package io.watershed.query;

import io.watershed.core.error.WatershedException;
import io.watershed.cut.LiveMode;
import io.watershed.duckdb.SqlText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The names that a statement may use: tables, and the columns of each. Thread-safe. */
public final class Catalog {
  private static final Duration FRESH = Duration.ofMinutes(1);
  private static final int TABLES_KEPT = 100;

  private final QueryEngine engine;
  private final Supplier<Collection<String>> streams;
  private final InstantSource clock;
  private final Map<String, Known> known = new HashMap<>();

  /**
   * @param streams the streams that are archived or configured
   */
  public Catalog(QueryEngine engine, Supplier<Collection<String>> streams, InstantSource clock) {
    this.engine = engine;
    this.streams = streams;
    this.clock = clock;
  }

  /** All tables, as one writes them in SQL. */
  public List<String> tables() {
    return TableNames.of(streams.get()).stream().map(Catalog::written).toList();
  }

  /**
   * The columns of a table as the archive has them; empty if there is no such table. Kept for a
   * minute, because completion asks at each key.
   *
   * @param table as written in SQL
   */
  public synchronized List<ResultColumn> columns(String table) {
    String key = table.toLowerCase(Locale.ROOT);
    Instant now = clock.instant();
    Known columns = known.get(key);
    if (columns == null || columns.since().plus(FRESH).isBefore(now)) {
      if (known.size() >= TABLES_KEPT) {
        known.clear();
      }
      columns = new Known(now, ask(table));
      known.put(key, columns);
    }
    return columns.columns();
  }

  private List<ResultColumn> ask(String table) {
    ColumnsOnly sink = new ColumnsOnly();
    try {
      engine.execute(
          new SqlRequest("SELECT * FROM " + table + " LIMIT 0", Optional.empty(), LiveMode.OFF),
          sink);
    } catch (WatershedException e) {
      // Completion offers what it can; the statement itself will say what is wrong.
      return List.of();
    }
    return sink.columns;
  }

  /** A name of a table as it is written in SQL; the schema {@code watershed} stays outside. */
  private static String written(String name) {
    int dot = name.startsWith("watershed.") ? name.indexOf('.') + 1 : 0;
    return name.substring(0, dot) + quoted(name.substring(dot));
  }

  /** A name in double quotes where SQL needs them. */
  public static String quoted(String name) {
    return SqlText.written(name);
  }

  private record Known(Instant since, List<ResultColumn> columns) {}

  private static final class ColumnsOnly implements ResultSink {
    private final List<ResultColumn> columns = new ArrayList<>();

    @Override
    public void begin(List<ResultColumn> all) {
      columns.addAll(all);
    }

    @Override
    public void row(@Nullable Object[] values) {
      throw new IllegalStateException("LIMIT 0 gave a row");
    }

    @Override
    public void end(QueryOutcome outcome) {}
  }
}
