package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.duckdb.RecordRows;
import io.watershed.duckdb.SqlText;
import io.watershed.query.ScanWindows.Window;
import io.watershed.query.cut.Receipt;
import io.watershed.query.cut.ResolvedStream;
import io.watershed.query.view.PositionSql;
import io.watershed.query.view.Relation;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StatementDatabase;
import io.watershed.query.view.StreamRelations;
import io.watershed.reservoir.table.FileSums;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scan in lineage order: shard by shard, and inside a shard window by window, so that only one
 * window is sorted at a time and the first record leaves at once.
 */
final class OrderedScan implements RecordScan {
  private static final HashRange ANY_RANGE = new HashRange(BigInteger.ZERO, BigInteger.ZERO);
  private static final String IN_ORDER = " ORDER BY _sequence_number, _sub_sequence_number";

  private final ScanRequest request;
  private final Receipt receipt;
  private final StatementDatabase database;
  private final StreamRelations relations;
  private final ScanWindows windows;
  private final ScanShards shards;
  private @Nullable Records open;

  OrderedScan(
      ScanRequest request,
      Receipt receipt,
      ResolvedStream stream,
      List<FileSums> footers,
      StatementDatabase database,
      StreamRelations relations) {
    this.request = request;
    this.receipt = receipt;
    this.database = database;
    this.relations = relations;
    RecordSelection selection = request.selection();
    this.windows = ScanWindows.of(stream.files(), footers, selection.from(), selection.until());
    this.shards =
        ScanShards.of(
            Lineage.of(
                stream.pinned().shards().values().stream()
                    .map(s -> new Shard(s.through().shard(), s.parents(), ANY_RANGE))
                    .toList()),
            selection);
  }

  @Override
  public Receipt receipt() {
    return receipt;
  }

  @Override
  public List<ShardKey> shards() {
    return shards.all();
  }

  @Override
  public Totals totals() {
    closeRecords();
    long[] sums = new long[3];
    add(sums, relations.archive(windows.files()));
    if (!relations.liveRecords().isEmpty()) {
      add(sums, relations.live());
    }
    return new Totals(sums[0], sums[1], sums[2]);
  }

  private void add(long[] sums, Relation relation) {
    oneRow(
        relation,
        "count(*), coalesce(sum(octet_length(_payload)), 0)::BIGINT,"
            + " coalesce(max(octet_length(_payload)), 0)",
        row -> {
          sums[0] += row.getLong(1);
          sums[1] += row.getLong(2);
          sums[2] = Math.max(sums[2], row.getLong(3));
        });
  }

  @Override
  public Optional<Extent> extent() {
    closeRecords();
    List<Extent> sides = new ArrayList<>();
    add(sides, relations.archive(windows.files()));
    if (!relations.liveRecords().isEmpty()) {
      add(sides, relations.live());
    }
    return sides.stream().reduce(OrderedScan::both);
  }

  private void add(List<Extent> sides, Relation relation) {
    oneRow(
        relation,
        "epoch_us(min(_arrival_time)), epoch_us(max(_arrival_time)),"
            + " min(_partition_key), max(_partition_key), count(*)",
        row -> {
          if (row.getLong(5) > 0) {
            sides.add(
                new Extent(
                    Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS),
                    Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS),
                    Objects.requireNonNullElse(row.getString(3), ""),
                    Objects.requireNonNullElse(row.getString(4), "")));
          }
        });
  }

  private static Extent both(Extent a, Extent b) {
    return new Extent(
        a.firstArrival().isBefore(b.firstArrival()) ? a.firstArrival() : b.firstArrival(),
        a.lastArrival().isAfter(b.lastArrival()) ? a.lastArrival() : b.lastArrival(),
        a.firstKey().compareTo(b.firstKey()) <= 0 ? a.firstKey() : b.firstKey(),
        a.lastKey().compareTo(b.lastKey()) >= 0 ? a.lastKey() : b.lastKey());
  }

  /** Takes a row of a result. */
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void oneRow(Relation relation, String items, RowReader reader) {
    String sql =
        "SELECT " + items + " FROM " + selected(relation, List.of()) + " WHERE " + bounds();
    try (relation;
        Statement statement = database.connection().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      reader.read(row);
    } catch (SQLException e) {
      throw SqlErrors.ofStatement(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a relation did not close", e);
    }
  }

  private String bounds() {
    return shards.condition() + " AND " + times();
  }

  /** Rows that the predicate selects, in a subquery of their own: it cannot reach beyond. */
  private String selected(Relation relation, List<String> expressions) {
    StringBuilder computed = new StringBuilder();
    for (int i = 0; i < expressions.size(); i++) {
      computed
          .append(", (\n")
          .append(expressions.get(i))
          .append("\n)::VARCHAR AS ")
          .append(value(i));
    }
    return "(SELECT *"
        + computed
        + " FROM ("
        + relation.sql()
        + ") AS "
        + SqlText.name(request.stream())
        + request.selection().where().map(predicate -> " WHERE (\n" + predicate + "\n)").orElse("")
        + ") AS selected";
  }

  /** The name of an expression's column: no stream has one that begins so. */
  private static String value(int number) {
    return "_watershed_value_" + number;
  }

  private String times() {
    List<String> conditions = new ArrayList<>(List.of("true"));
    request
        .selection()
        .from()
        .ifPresent(from -> conditions.add("_arrival_time >= " + literal(from)));
    request
        .selection()
        .until()
        .ifPresent(until -> conditions.add("_arrival_time < " + literal(until)));
    return String.join(" AND ", conditions);
  }

  /** Arrival times have microseconds at most; a bound between two of them selects as it should. */
  private static String literal(Instant time) {
    long micros = Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), 0);
    long nanos = time.getNano();
    return "make_timestamptz(" + (micros + (nanos + 999) / 1000) + ")";
  }

  @Override
  public Iterator<ScannedRecord> rows(Optional<ScanPosition> after) {
    return open(after.map(this::before).orElse(Map.of()));
  }

  /** What the order has up to and including the place. */
  private Map<ShardKey, After> before(ScanPosition place) {
    Map<ShardKey, After> done = new HashMap<>();
    for (ShardKey shard : shards.all()) {
      if (shard.equals(place.shard())) {
        done.put(shard, new After.At(place.position()));
        break;
      }
      done.put(shard, new After.End(Optional.empty()));
    }
    return done;
  }

  @Override
  public Iterator<StreamRecord> recordsBeyond(Map<ShardKey, After> done) {
    Records rows = open(done);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public StreamRecord next() {
        return rows.next().record();
      }
    };
  }

  private Records open(Map<ShardKey, After> done) {
    closeRecords();
    Records records = new Records(done);
    open = records;
    return records;
  }

  private void closeRecords() {
    if (open != null) {
      open.closeWindow();
      open = null;
    }
  }

  @Override
  public void close() {
    closeRecords();
    database.close();
  }

  /** One part of the scan that is sorted as a whole. */
  private record Step(ShardKey shard, Optional<Window> window) {}

  private final class Records implements Iterator<ScannedRecord> {
    private final Map<ShardKey, After> done;
    private final Iterator<Step> steps;
    private @Nullable Relation relation;
    private @Nullable Statement statement;
    private @Nullable ResultSet rows;
    private @Nullable ScannedRecord next;

    Records(Map<ShardKey, After> done) {
      this.done = Map.copyOf(done);
      this.steps = steps().iterator();
    }

    private List<Step> steps() {
      List<Step> all = new ArrayList<>();
      for (ShardKey shard : shards.wanted()) {
        if (done.get(shard) instanceof After.End) {
          continue;
        }
        Optional<ShardPosition> last = doneOf(shard);
        for (Window window : windows.of(shard)) {
          boolean past = last.filter(p -> window.through().compareTo(p) <= 0).isPresent();
          if (!past && !shards.isBefore(shard, window.through())) {
            all.add(new Step(shard, Optional.of(window)));
          }
        }
        all.add(new Step(shard, Optional.empty()));
      }
      return all;
    }

    private Optional<ShardPosition> doneOf(ShardKey shard) {
      return Optional.ofNullable(done.get(shard)).flatMap(After::lastPosition);
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null) {
          if (rows != null && rows.next()) {
            next = new ScannedRecord(RecordRows.read(rows), values(rows));
          } else {
            closeWindow();
            if (!steps.hasNext()) {
              return false;
            }
            openWindow(steps.next());
          }
        }
        return true;
      } catch (SQLException e) {
        throw SqlErrors.ofStatement(e);
      }
    }

    @Override
    public ScannedRecord next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      ScannedRecord record = next;
      next = null;
      return record;
    }

    private List<Optional<String>> values(ResultSet row) throws SQLException {
      List<Optional<String>> values = new ArrayList<>();
      for (int i = 0; i < request.expressions().size(); i++) {
        values.add(Optional.ofNullable(row.getString(RecordRows.COLUMN_COUNT + 1 + i)));
      }
      return values;
    }

    private void openWindow(Step step) throws SQLException {
      Relation source;
      if (step.window().isPresent()) {
        source = relations.archive(step.window().get().files());
      } else {
        List<StreamRecord> live =
            relations.liveRecords().stream().filter(r -> r.shard().equals(step.shard())).toList();
        if (live.isEmpty()) {
          return;
        }
        source = relations.live(live);
      }
      relation = source;
      Statement opened = database.connection().createStatement();
      statement = opened;
      rows =
          opened.executeQuery(
              "SELECT "
                  + RecordRows.COLUMNS
                  + valueColumns()
                  + " FROM "
                  + selected(source, request.expressions())
                  + " WHERE "
                  + place(step)
                  + " AND "
                  + times()
                  + IN_ORDER);
    }

    private String valueColumns() {
      StringBuilder columns = new StringBuilder();
      for (int i = 0; i < request.expressions().size(); i++) {
        columns.append(", ").append(value(i));
      }
      return columns.toString();
    }

    private String place(Step step) {
      List<String> conditions = new ArrayList<>();
      conditions.add(ScanShards.rowsOf(step.shard()));
      conditions.add(shards.condition(step.shard()));
      step.window().ifPresent(window -> conditions.add(window.condition()));
      doneOf(step.shard()).ifPresent(last -> conditions.add(PositionSql.isAfter(last)));
      return String.join(" AND ", conditions);
    }

    void closeWindow() {
      try {
        if (rows != null) {
          rows.close();
        }
        if (statement != null) {
          statement.close();
        }
        if (relation != null) {
          relation.close();
        }
      } catch (SQLException e) {
        throw SqlErrors.ofStatement(e);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("a relation did not close", e);
      } finally {
        rows = null;
        statement = null;
        relation = null;
      }
    }
  }
}
