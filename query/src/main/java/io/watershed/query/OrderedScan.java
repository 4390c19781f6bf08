package io.watershed.query;

import static java.util.stream.Collectors.joining;

import io.watershed.core.checkpoint.After;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.duckdb.RecordRows;
import io.watershed.query.cut.Receipt;
import io.watershed.query.cut.ResolvedStream;
import io.watershed.query.view.PositionSql;
import io.watershed.query.view.Relation;
import io.watershed.query.view.SqlErrors;
import io.watershed.query.view.StatementDatabase;
import io.watershed.query.view.StreamRelations;
import io.watershed.query.view.StreamedError;
import io.watershed.reservoir.table.FileSums;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
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
  private final Lineage lineage;
  private final ScanSql sql;
  private final List<ScanStep> steps;
  private @Nullable LastRecords last;
  private @Nullable ScanSummary summary;
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
    this.lineage =
        Lineage.of(
            stream.pinned().shards().values().stream()
                .map(s -> new Shard(s.through().shard(), s.parents(), ANY_RANGE))
                .toList());
    this.shards = ScanShards.of(lineage, selection);
    this.sql = new ScanSql(request, shards);
    this.steps = ScanStep.of(shards.wanted(), windows);
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
    return summary().totals();
  }

  @Override
  public Optional<Extent> extent() {
    return summary().extent();
  }

  @Override
  public Optional<Compaction> compaction() {
    return request.selection().last().map(l -> last().compaction(summary().tombstones()));
  }

  /** Made once: the scan is frozen. */
  private ScanSummary summary() {
    ScanSummary known = summary;
    if (known != null) {
      return known;
    }
    closeRecords();
    ScanSummary made = new ScanSummary();
    if (request.selection().last().isPresent()) {
      addLast(made);
    } else {
      add(made, relations.archive(windows.files()));
      if (!relations.liveRecords().isEmpty()) {
        add(made, relations.live());
      }
    }
    summary = made;
    return made;
  }

  private void add(ScanSummary sums, Relation relation) {
    addRow(
        sums,
        relation,
        "SELECT "
            + ScanSummary.items("true", "false")
            + " FROM "
            + sql.selected(relation)
            + " WHERE "
            + sql.bounds());
  }

  /** Step by step, as the last records are kept. */
  private void addLast(ScanSummary sums) {
    LastRecords winners = last();
    String counted = winners.dropped() + " IS NOT TRUE";
    for (ScanStep step : steps) {
      source(step)
          .ifPresent(
              relation ->
                  addRow(
                      sums,
                      relation,
                      "SELECT "
                          + ScanSummary.items(counted, winners.tombstone())
                          + " FROM "
                          + sql.selected(relation, computed())
                          + " WHERE "
                          + place(step)
                          + " AND "
                          + winners.isLast(step)));
    }
  }

  private void addRow(ScanSummary sums, Relation relation, String select) {
    try (relation;
        Statement statement = database.connection().createStatement();
        ResultSet row = statement.executeQuery(select)) {
      row.next();
      sums.add(row);
    } catch (SQLException e) {
      throw SqlErrors.ofStatement(e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a relation did not close", e);
    }
  }

  /** The last record per key, found when it is first asked for. */
  private LastRecords last() {
    LastRecords known = last;
    if (known != null) {
      return known;
    }
    closeRecords();
    LastPerKey wanted = request.selection().last().orElseThrow();
    List<Relation> sides = new ArrayList<>(List.of(relations.archiveInFiles(windows.files())));
    if (!relations.liveRecords().isEmpty()) {
      sides.add(relations.live());
    }
    List<String> selects = new ArrayList<>();
    for (Relation side : sides) {
      selects.add("FROM " + sql.selected(side, computed()) + " WHERE " + sql.bounds());
      database.onClose(side);
    }
    LastRecords found =
        LastRecords.find(database, wanted, lineage, steps, String.join(" UNION ALL ", selects));
    last = found;
    return found;
  }

  private Map<String, String> computed() {
    return request.selection().last().map(LastRecords::computed).orElse(Map.of());
  }

  /** What a step reads; empty if there is nothing. */
  private Optional<Relation> source(ScanStep step) {
    if (step.window().isPresent()) {
      return Optional.of(relations.archive(step.window().get().files()));
    }
    List<StreamRecord> live =
        relations.liveRecords().stream().filter(r -> r.shard().equals(step.shard())).toList();
    return live.isEmpty() ? Optional.empty() : Optional.of(relations.live(live));
  }

  /** True for the rows of a step. */
  private String place(ScanStep step) {
    List<String> conditions = new ArrayList<>();
    conditions.add(ScanShards.rowsOf(step.shard()));
    conditions.add(shards.condition(step.shard()));
    step.window().ifPresent(window -> conditions.add(window.condition()));
    conditions.add(sql.times());
    return String.join(" AND ", conditions);
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
    return RecordScan.recordsOf(open(done));
  }

  private Records open(Map<ShardKey, After> done) {
    closeRecords();
    if (request.selection().last().isPresent()) {
      last();
    }
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

  private final class Records implements Iterator<ScannedRecord> {
    private final Map<ShardKey, After> done;
    private final Iterator<ScanStep> open;
    private @Nullable Relation relation;
    private @Nullable Statement statement;
    private @Nullable ResultSet rows;
    private @Nullable ScannedRecord next;
    private String statementText = "";

    Records(Map<ShardKey, After> done) {
      this.done = Map.copyOf(done);
      this.open = steps.stream().filter(this::isOpen).iterator();
    }

    private boolean isOpen(ScanStep step) {
      if (done.get(step.shard()) instanceof After.End) {
        return false;
      }
      if (step.window().isEmpty()) {
        return true;
      }
      ShardPosition through = step.window().get().through();
      boolean past = doneOf(step.shard()).filter(p -> through.compareTo(p) <= 0).isPresent();
      return !past && !shards.isBefore(step.shard(), through);
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
            if (!open.hasNext()) {
              return false;
            }
            openWindow(open.next());
          }
        }
        return true;
      } catch (SQLException e) {
        throw failure(e);
      }
    }

    private WatershedException failure(SQLException thrown) {
      try {
        closeStatement();
      } catch (SQLException e) {
        thrown.addSuppressed(e);
      }
      return SqlErrors.ofStatement(
          StreamedError.reveal(database.connection(), statementText, thrown));
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

    private void openWindow(ScanStep step) throws SQLException {
      Optional<Relation> source = source(step);
      if (source.isEmpty()) {
        return;
      }
      relation = source.get();
      Statement opened = database.connection().createStatement();
      statement = opened;
      String items =
          RecordRows.COLUMNS + sql.values().stream().map(n -> ", " + n).collect(joining());
      statementText =
          "SELECT "
              + items
              + " FROM "
              + sql.selectedWithValues(source.get(), computed())
              + " WHERE "
              + place(step)
              + doneOf(step.shard()).map(p -> " AND " + PositionSql.isAfter(p)).orElse("")
              + Optional.ofNullable(last).map(l -> " AND " + l.isDelivered(step)).orElse("")
              + IN_ORDER;
      rows = opened.executeQuery(statementText);
    }

    private void closeStatement() throws SQLException {
      if (rows != null) {
        rows.close();
      }
      if (statement != null) {
        statement.close();
      }
    }

    void closeWindow() {
      try {
        closeStatement();
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
