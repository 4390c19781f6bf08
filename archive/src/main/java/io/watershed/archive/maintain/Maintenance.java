package io.watershed.archive.maintain;

import io.watershed.archive.encode.DayEncoder;
import io.watershed.archive.maintain.Compactor.Compacted;
import io.watershed.archive.verify.LocalFiles;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileFilter;
import io.watershed.reservoir.table.TableState;
import io.watershed.reservoir.table.Unreferenced;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream's archive fit: drops days beyond the retention, compacts closed days, deletes
 * old metadata versions and left-overs. Each change is a transaction of its own, so it may end or
 * die after any of them, beside an archiver, beside readers, and beside another one of its kind. No
 * threads and no clock of its own: a simulator drives the same code. Not thread-safe.
 */
public final class Maintenance {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** No write of a file takes this long. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  /** Rewrites that may lose to other maintenance before a run gives way. */
  private static final int MAX_LOST = 3;

  private final Reservoir reservoir;
  private final DayEncoder encoder;
  private final RowSource rows;
  private final Path scratch;
  private final InstantSource clock;

  /**
   * @param encoder of the stream's payload format
   * @param rows reads data files
   * @param scratch an existing folder on a local disk, for one file at a time
   * @param clock the time that says which days are over
   */
  public Maintenance(
      Reservoir reservoir, DayEncoder encoder, RowSource rows, Path scratch, InstantSource clock) {
    this.reservoir = reservoir;
    this.encoder = encoder;
    this.rows = rows;
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * Maintains one stream.
   *
   * @param stream its name in the reservoir
   * @throws WatershedException {@code not-found} if there is no archive; {@code fenced} if other
   *     maintenance keeps going first; errors of the store. What was done until then is done
   */
  public MaintenanceReport run(String stream, MaintenanceOptions options) {
    ArchiveTable table = reservoir.archive(stream);
    return new Run(table, options).report();
  }

  /** One run over one table. */
  private final class Run {
    private final ArchiveTable table;
    private final MaintenanceOptions options;
    private final List<String> notes = new ArrayList<>();
    private Optional<LocalDate> droppedBefore = Optional.empty();
    private long droppedFiles;
    private long droppedRows;
    private long compactions;
    private long compactedFiles;
    private long bytesBefore;
    private long bytesAfter;
    private long versions;
    private long leftOvers;
    private long leftOverBytes;
    private long afterFence;
    private boolean finished = true;

    Run(ArchiveTable table, MaintenanceOptions options) {
      this.table = table;
      this.options = options;
    }

    MaintenanceReport report() {
      if (goesOn()) {
        drop();
      }
      if (goesOn()) {
        compact();
      }
      if (goesOn() && !options.dryRun()) {
        deleteVersions();
      }
      if (goesOn() && options.sweep()) {
        sweep();
      }
      return new MaintenanceReport(
          table.stream(),
          options.dryRun(),
          droppedBefore,
          droppedFiles,
          droppedRows,
          compactions,
          compactedFiles,
          bytesBefore,
          bytesAfter,
          versions,
          leftOvers,
          leftOverBytes,
          afterFence,
          finished,
          notes);
    }

    private boolean goesOn() {
      if (options.stop().getAsBoolean()) {
        finished = false;
      }
      return finished;
    }

    /** One day at a time, so that a transaction stays small however much there is. */
    private void drop() {
      if (options.settings().keep().isEmpty()) {
        return;
      }
      Instant limit = clock.instant().minus(options.settings().keep().get());
      LocalDate first = LocalDate.ofInstant(limit, ZoneOffset.UTC);
      TableState state = table.load();
      List<DataFileInfo> old = filesBefore(state, first);
      List<LocalDate> days = old.stream().map(DataFileInfo::day).distinct().sorted().toList();
      for (int i = 0; i < days.size() && goesOn(); i++) {
        LocalDate day = days.get(i);
        List<DataFileInfo> ofDay = old.stream().filter(f -> f.day().equals(day)).toList();
        if (!options.dryRun()) {
          options.listener().progress("days dropped", i, days.size());
          state = table.dropDays(state, day.plusDays(1));
          LOG.info("{}: dropped {}, {} files", table.stream(), day, ofDay.size());
        }
        droppedBefore = Optional.of(day.plusDays(1));
        droppedFiles += ofDay.size();
        droppedRows += ofDay.stream().mapToLong(DataFileInfo::rows).sum();
      }
    }

    private List<DataFileInfo> filesBefore(TableState state, LocalDate day) {
      Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
      return table
          .files(state, FileFilter.arrivedBetween(Optional.empty(), Optional.of(begin)))
          .stream()
          .filter(file -> file.day().isBefore(day))
          .toList();
    }

    private void compact() {
      Compactor compactor =
          new Compactor(
              table,
              new LocalFiles(reservoir.store(), scratch),
              rows,
              encoder,
              options.settings(),
              scratch);
      TableState state = table.load();
      List<FileGroup> groups =
          CompactionPlan.of(table.files(state), clock.instant(), options.settings());
      int lost = 0;
      for (int i = 0; i < groups.size() && goesOn(); i++) {
        options.listener().progress("files compacted", i, groups.size());
        if (options.dryRun()) {
          count(new Compacted(groups.get(i).files().size(), groups.get(i).bytes(), 0));
          continue;
        }
        try {
          Optional<Compacted> done = compactor.compact(table.load(), groups.get(i));
          done.ifPresent(this::count);
        } catch (WatershedException e) {
          lost += skip(e);
          if (lost >= MAX_LOST) {
            throw e;
          }
        }
      }
    }

    /** A damaged day, or one that others compacted, does not keep the next one from its turn. */
    private int skip(WatershedException e) {
      if (e.code() != ErrorCode.INTEGRITY
          && e.code() != ErrorCode.FENCED
          && e.code() != ErrorCode.COMMIT_STATE_UNKNOWN) {
        throw e;
      }
      LOG.warn("{}: {}", table.stream(), e.getMessage());
      notes.add(e.getMessage() + ". " + e.hint());
      return e.code() == ErrorCode.INTEGRITY ? 0 : 1;
    }

    private void count(Compacted done) {
      compactions++;
      compactedFiles += done.files();
      bytesBefore += done.bytesBefore();
      bytesAfter += done.bytesAfter();
    }

    private void deleteVersions() {
      int atMost = options.settings().versionsPerRun();
      versions = table.deleteOldVersions(atMost);
      finished &= versions < atMost;
    }

    private void sweep() {
      Unreferenced found = table.unreferenced(options.settings().leftOversPerRun());
      List<ObjectInfo> removable = found.removable();
      for (int i = 0; i < removable.size() && goesOn(); i++) {
        if (i % 100 == 0) {
          options.listener().progress("left-overs deleted", i, removable.size());
        }
        if (!options.dryRun() && !table.remove(removable.get(i))) {
          notes.add("'" + removable.get(i).key() + "' is still there after its deletion.");
          return;
        }
        leftOvers++;
        leftOverBytes += removable.get(i).sizeBytes();
      }
      afterFence = found.afterFence().size();
      if (afterFence > 0 && !options.dryRun() && goesOn()) {
        table.fenceAll(table.load());
        LOG.info("{}: fenced the writers of {} left-over files", table.stream(), afterFence);
      }
      finished &= found.complete();
      if (!options.dryRun()) {
        leftOvers += reservoir.store().deleteAbandoned(ABANDONED);
      }
    }
  }
}
