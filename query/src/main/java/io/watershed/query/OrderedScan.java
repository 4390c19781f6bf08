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
import io.watershed.cut.CutFile;
import io.watershed.cut.Receipt;
import io.watershed.cut.ResolvedStream;
import io.watershed.duckdb.RecordRows;
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
 * A scan in lineage order, window by window, so that only a part is sorted at a time and the first
 * record leaves at once: shard by shard, or independent shards side by side.
 */
final class OrderedScan implements RecordScan {
  private static final HashRange ANY_RANGE = new HashRange(BigInteger.ZERO, BigInteger.ZERO);
  private final ScanRequest request;
  private final Receipt receipt;
  private final StatementDatabase database;
  private final StreamRelations relations;
  private final ScanWindows windows;
  private final ScanShards shards;
  private final Lineage lineage;
  private final ScanSql sql;
  private final List<FileSums> footers;
  private final List<CutFile> allFiles;
  private @Nullable List<ScanStep> shardByShard;
  private @Nullable List<ScanStep> sideBySide;
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
    this.footers = footers;
    this.allFiles = stream.files();
    this.windows = ScanWindows.of(allFiles, footers, selection.from(), selection.until());
    this.lineage =
        Lineage.of(
            stream.pinned().shards().values().stream()
                .map(s -> new Shard(s.through().shard(), s.parents(), ANY_RANGE))
                .toList());
    this.shards = ScanShards.of(lineage, selection);
    this.sql = new ScanSql(request, shards);
  }

  private List<ScanStep> shardByShardSteps() {
    List<ScanStep> known = shardByShard;
    if (known == null) {
      known = ScanStep.shardByShard(shards.wanted(), windows);
      shardByShard = known;
    }
    return known;
  }

  private List<ScanStep> sideBySideSteps() {
    if (!relations.liveRecords().isEmpty()) {
      return shardByShardSteps();
    }
    List<ScanStep> known = sideBySide;
    if (known == null) {
      RecordSelection selection = request.selection();
      ScanWindows small =
          ScanWindows.of(
              allFiles, footers, selection.from(), selection.until(), SideBySide.MAX_SHARDS);
      known = SideBySide.steps(lineage, shards.wanted(), small);
      sideBySide = known;
    }
    return known;
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
    List<ScanStep> steps = sideBySideSteps();
    winners.number(steps);
    String counted = winners.dropped() + " IS NOT TRUE";
    for (ScanStep step : steps) {
      StepSql rows = new StepSql(step, shards, Map.of());
      source(step)
          .ifPresent(
              relation ->
                  addRow(
                      sums,
                      relation,
                      "SELECT "
                          + ScanSummary.items(counted, winners.tombstone())
                          + " FROM "
                          + rows.from(sql.selected(relation, computed()))
                          + " WHERE "
                          + rows.condition()
                          + " AND "
                          + sql.times()
                          + " AND "
                          + winners.isLast(steps, step)));
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
        LastRecords.find(
            database, wanted, lineage, shards.wanted(), String.join(" UNION ALL ", selects));
    last = found;
    return found;
  }

  private Map<String, String> computed() {
    return request.selection().last().map(LastRecords::computed).orElse(Map.of());
  }

  /** What a step reads; empty if there is nothing. */
  private Optional<Relation> source(ScanStep step) {
    if (!step.isLive()) {
      return Optional.of(relations.archive(step.files()));
    }
    ShardKey shard = step.parts().get(0).shard();
    List<StreamRecord> live =
        relations.liveRecords().stream().filter(r -> r.shard().equals(shard)).toList();
    return live.isEmpty() ? Optional.empty() : Optional.of(relations.live(live));
  }

  @Override
  public Iterator<ScannedRecord> rows(Optional<ScanPosition> after) {
    return open(shardByShardSteps(), after.map(this::before).orElse(Map.of()));
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
    return RecordScan.recordsOf(open(shardByShardSteps(), done));
  }

  @Override
  public Iterator<ScannedRecord> sideBySide(Map<ShardKey, After> done) {
    return open(sideBySideSteps(), done);
  }

  private Records open(List<ScanStep> steps, Map<ShardKey, After> done) {
    closeRecords();
    if (request.selection().last().isPresent()) {
      last().number(steps);
    }
    Records records = new Records(steps, done);
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
    private final List<ScanStep> steps;
    private final Map<ShardKey, After> done;
    private final Iterator<ScanStep> open;
    private @Nullable Relation relation;
    private @Nullable Statement statement;
    private @Nullable ResultSet rows;
    private @Nullable ScannedRecord next;
    private String statementText = "";

    Records(List<ScanStep> steps, Map<ShardKey, After> done) {
      this.steps = steps;
      this.done = Map.copyOf(done);
      this.open =
          steps.stream()
              .map(step -> step.only(step.parts().stream().filter(this::isOpen).toList()))
              .filter(step -> !step.parts().isEmpty())
              .iterator();
    }

    private boolean isOpen(ScanStep.Part part) {
      if (done.get(part.shard()) instanceof After.End) {
        return false;
      }
      if (part.window().isEmpty()) {
        return true;
      }
      ShardPosition through = part.window().get().through();
      boolean past =
          Optional.ofNullable(done.get(part.shard()))
              .flatMap(After::lastPosition)
              .filter(position -> through.compareTo(position) <= 0)
              .isPresent();
      return !past && !shards.isBefore(part.shard(), through);
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null) {
          if (rows != null && rows.next()) {
            next = read(rows);
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

    private ScannedRecord read(ResultSet row) throws SQLException {
      ShardKey shard = shards.wanted().get(row.getInt(1));
      return new ScannedRecord(RecordRows.read(row, 2, shard), values(row));
    }

    private List<Optional<String>> values(ResultSet row) throws SQLException {
      List<Optional<String>> values = new ArrayList<>();
      for (int i = 0; i < request.expressions().size(); i++) {
        values.add(Optional.ofNullable(row.getString(RecordRows.COLUMN_COUNT_IN_SHARD + 2 + i)));
      }
      return values;
    }

    private void openWindow(ScanStep wanted) throws SQLException {
      Optional<Relation> source = source(wanted);
      if (source.isEmpty()) {
        return;
      }
      relation = source.get();
      StepSql step = new StepSql(wanted, shards, done);
      if (step.needsLowest()) {
        findLowest(source.get(), step);
      }
      Statement opened = database.connection().createStatement();
      statement = opened;
      String items =
          step.rank()
              + ", "
              + RecordRows.COLUMNS_IN_SHARD
              + sql.values().stream().map(n -> ", " + n).collect(joining());
      statementText =
          "SELECT "
              + items
              + " FROM "
              + step.from(sql.selectedWithValues(source.get(), computed()))
              + " WHERE "
              + step.condition()
              + " AND "
              + sql.times()
              + Optional.ofNullable(last)
                  .map(l -> " AND " + l.isDelivered(steps, wanted))
                  .orElse("")
              + step.order();
      rows = opened.executeQuery(statementText);
    }

    private void findLowest(Relation source, StepSql step) throws SQLException {
      try (Statement asked = database.connection().createStatement();
          ResultSet lowest =
              asked.executeQuery(
                  "SELECT _incarnation, _shard_id, min(_sequence_number) FROM ("
                      + source.sql()
                      + ") GROUP BY 1, 2")) {
        while (lowest.next()) {
          step.beginsAt(
              new ShardKey(lowest.getString(1), lowest.getString(2)), lowest.getString(3));
        }
      }
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
