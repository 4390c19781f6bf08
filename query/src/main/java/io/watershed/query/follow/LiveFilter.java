package io.watershed.query.follow;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.CutResolver;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.LiveEstimate;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.duckdb.SqlText;
import io.watershed.query.gate.SqlGate;
import io.watershed.query.view.LocalFiles.Localized;
import io.watershed.query.view.Relation;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StatementDatabase;
import io.watershed.query.view.StreamRelations;
import io.watershed.query.view.StreamedError;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A SQL predicate over batches of live records: the view's columns, DuckDB's evaluation. The
 * columns are the archive's and those that the archiver would add for the records seen so far; one
 * that no record has had yet is NULL. Not thread-safe.
 */
final class LiveFilter implements AutoCloseable {
  private static final Pattern UNKNOWN_NAME =
      Pattern.compile("Referenced (?:column|table) \"([^\"]+)\" not found");
  private static final Pattern UNKNOWN_MEMBER =
      Pattern.compile("Could not find key \"([^\"]+)\" in struct|Cannot extract field");

  private final String stream;
  private final String predicate;
  private final PayloadFormat format;
  private final SqlSettings settings;
  private final Consumer<String> notices;
  private final Set<String> names;
  private final StatementDatabase database;
  private final Set<String> nulls = new LinkedHashSet<>();
  private final Set<String> told = new HashSet<>();
  private PayloadSchema schema;
  private @Nullable StreamRelations relations;

  /**
   * @param predicate of the user; checked here
   * @param known columns of the archive, if there is one
   * @param temporary a folder for the database's files
   * @param notices sentences for the person
   * @throws io.watershed.core.error.WatershedException {@code sql} if the predicate is refused
   */
  LiveFilter(
      String stream,
      String predicate,
      PayloadFormat format,
      PayloadSchema known,
      SqlSettings settings,
      Path temporary,
      Consumer<String> notices) {
    this.stream = stream;
    this.predicate = predicate;
    this.format = format;
    this.schema = known;
    this.settings = settings;
    this.notices = notices;
    try (SqlGate gate = SqlGate.open(settings)) {
      this.names = gate.checkPredicate(predicate).columns().orElseThrow();
    }
    this.database = StatementDatabase.open(settings, temporary);
  }

  /**
   * The records of one shard for which the predicate holds, in order.
   *
   * @throws io.watershed.core.error.WatershedException {@code sql} as the statement would fail
   */
  List<StreamRecord> select(List<StreamRecord> records) {
    if (records.isEmpty()) {
      return records;
    }
    Set<ShardPosition> selected = positions(records);
    return records.stream().filter(record -> selected.contains(record.position())).toList();
  }

  private Set<ShardPosition> positions(List<StreamRecord> records) {
    StreamRelations view = view(records);
    while (true) {
      try (Relation relation = view.live(records)) {
        return run(relation);
      } catch (SQLException e) {
        if (!isUnknown(e)) {
          throw SqlErrors.ofStatement(e);
        }
        if (!addNull(e)) {
          return Set.of();
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a relation did not close", e);
      }
    }
  }

  private Set<ShardPosition> run(Relation relation) throws SQLException {
    String sql = sql(relation);
    try {
      return run(sql);
    } catch (SQLException e) {
      throw StreamedError.reveal(database.connection(), sql, e);
    }
  }

  private Set<ShardPosition> run(String sql) throws SQLException {
    Set<ShardPosition> positions = new HashSet<>();
    try (Statement statement = database.connection().createStatement()) {
      statement.setQueryTimeout((int) Math.max(1, settings.timeout().toSeconds()));
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          positions.add(new ShardPosition(new SequenceNumber(rows.getString(1)), rows.getLong(2)));
        }
      }
    }
    return positions;
  }

  /** The predicate stands in a subquery of its own, as in an ordered scan. */
  private String sql(Relation relation) {
    StringBuilder absent = new StringBuilder();
    nulls.forEach(name -> absent.append(", NULL AS ").append(SqlText.name(name)));
    return "SELECT _sequence_number, _sub_sequence_number FROM (SELECT * FROM (SELECT *"
        + absent
        + " FROM ("
        + relation.sql()
        + ")) AS "
        + SqlText.name(stream)
        + " WHERE (\n"
        + predicate
        + "\n)) AS selected";
  }

  /** The view of everything that is known of columns by now. */
  private StreamRelations view(List<StreamRecord> records) {
    PayloadSchema grown = CutResolver.grow(schema, format, records);
    StreamRelations known = relations;
    if (known != null && grown.equals(schema)) {
      return known;
    }
    schema = grown;
    nulls.clear();
    StreamRelations view =
        new StreamRelations(
            database,
            (files, columns) -> new Localized(List.of(), 0),
            new FileSumsCache(Runnable::run),
            settings,
            empty(grown),
            Optional.empty(),
            Optional.of(names),
            Optional.empty());
    relations = view;
    return view;
  }

  private ResolvedStream empty(PayloadSchema physical) {
    PinnedStream nothing =
        new PinnedStream(
            stream,
            PinnedStream.NO_TABLE,
            OptionalLong.empty(),
            new TreeMap<>(),
            LogicalSchema.of(physical),
            List.of());
    return new ResolvedStream(
        nothing,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        physical,
        format,
        LiveEstimate.NOTHING,
        List.of());
  }

  private static boolean isUnknown(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return UNKNOWN_NAME.matcher(message).find() || UNKNOWN_MEMBER.matcher(message).find();
  }

  /** Whether the statement is worth another try with this column as NULL. */
  private boolean addNull(SQLException e) {
    Matcher name = UNKNOWN_NAME.matcher(String.valueOf(e.getMessage()));
    boolean added = name.find() && nulls.add(name.group(1).toLowerCase(Locale.ROOT));
    String what = added ? "'" + name.group(1) + "'" : "what --where names";
    if (told.add(what)) {
      notices.accept(
          added
              ? "no record so far has a column " + what + ": it is NULL until one has"
              : "no record so far has " + what + ": none is shown until one has");
    }
    return added;
  }

  @Override
  public void close() {
    database.close();
  }
}
