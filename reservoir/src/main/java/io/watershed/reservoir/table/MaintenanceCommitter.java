package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.DataFileReader.Inspected;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * How maintenance changes a table (PROTOCOL 3): one transaction each, snapshot first, then
 * properties, on exactly the base that was checked. No checkpoint moves, so the generation stays
 * and a running archiver is not fenced; its next commit builds on top of ours, or ours on top of
 * its. Those who maintain are fenced among themselves by {@code watershed.maintenance}: files that
 * were written for one number can only be committed while the table has the one before, so that
 * what is left of an older attempt is dead for certain.
 */
final class MaintenanceCommitter {
  private final TableFolder folder;
  private final Lineage lineage;
  private final TableWrites writes;
  private final Supplier<UUID> ids;
  private final Function<DataFileInfo, FileSums> footers;

  MaintenanceCommitter(
      TableFolder folder,
      Lineage lineage,
      TableWrites writes,
      Supplier<UUID> ids,
      Function<DataFileInfo, FileSums> footers) {
    this.folder = folder;
    this.lineage = lineage;
    this.writes = writes;
    this.ids = ids;
    this.footers = footers;
  }

  StoreTableOperations rewrite(TableState base, FileRewrite rewrite) {
    StoreTableOperations newest = writes.newest();
    check(newest, base);
    DataFileReader reader = new DataFileReader(newest.current());
    List<Inspected> inspected = rewrite.files().stream().map(reader::inspect).toList();
    RewriteRules.check(
        rewrite.replaced().stream().map(footers).toList(),
        inspected.stream().map(Inspected::sums).toList());
    Set<String> replaced =
        rewrite.replaced().stream().map(DataFileInfo::key).collect(Collectors.toSet());
    LocalDate day = rewrite.replaced().get(0).day();
    UUID commitId = ids.get();
    Uploads uploads = new Uploads(folder);
    try {
      String prefix = String.format("r%08d-%s", base.maintenance() + 1, commitId);
      List<DataFile> files = uploads.upload(newest.current(), prefix, rewrite.files(), inspected);
      return commit(
          base,
          newest,
          commitId,
          (table, transaction) -> {
            List<DataFile> old = live(table, equalTo(day), replaced);
            if (old.size() != replaced.size()) {
              throw changed();
            }
            RewriteFiles update = transaction.newRewrite();
            // Else Iceberg looks for delete files back to the first snapshot, which has expired.
            update.validateFromSnapshot(table.current().currentSnapshot().snapshotId());
            old.forEach(update::deleteFile);
            files.forEach(update::addFile);
            return update;
          },
          books -> books.maintained(books.dropped()));
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.COMMIT_STATE_UNKNOWN) {
        uploads.discard();
      }
      throw e;
    }
  }

  StoreTableOperations drop(TableState base, LocalDate before) {
    Map<String, FileSums> known = new HashMap<>();
    Map<String, DataFileInfo> infos = new HashMap<>();
    return commit(
        base,
        writes.newest(),
        ids.get(),
        (table, transaction) -> {
          infos.clear();
          DeleteFiles update = transaction.newDelete();
          for (DataFile file : live(table, earlierThan(before), Set.of())) {
            DataFileInfo info = FilePlanner.describe(io(table), table.current(), file);
            infos.put(info.key(), info);
            known.computeIfAbsent(info.key(), key -> footers.apply(info));
            update.deleteFile(file);
          }
          return update;
        },
        books -> {
          List<FileSums> dropped = infos.keySet().stream().sorted().map(known::get).toList();
          return books.maintained(RewriteRules.drop(books.dropped(), before, dropped));
        });
  }

  /** Nobody who holds an older state can commit after this, archiver or not (PROTOCOL 3.5). */
  StoreTableOperations fenceAll(TableState base) {
    return commit(
        base,
        writes.newest(),
        ids.get(),
        (table, transaction) -> transaction.newAppend(),
        books -> books.fenced().maintained(books.dropped()));
  }

  private StoreTableOperations commit(
      TableState base,
      StoreTableOperations newest,
      UUID commitId,
      Change change,
      Function<Bookkeeping, Bookkeeping> step) {
    try {
      return writes.attempts(
          newest,
          table -> check(table, base),
          table -> {
            Map<String, String> before = table.current().properties();
            Bookkeeping books = lineage.read(before);
            Transaction transaction =
                Transactions.newTransaction(folder.stream(), table, report -> {});
            SnapshotUpdate<?> update = change.on(table, transaction);
            Bookkeeping next = step.apply(books);
            update.set(BookkeepingProperties.GENERATION, Long.toString(next.generation()));
            update.set(BookkeepingProperties.COMMIT_ID, commitId.toString());
            validate(update, books.generation());
            update.commit();
            TableCommitter.replaceProperties(transaction, before, lineage.write(next, before));
            writes.expireSnapshots(transaction, table.current());
            transaction.commitTransaction();
          });
    } catch (CommitStateUnknownException e) {
      // Without our commit id nobody knows: the files stay, and are left-overs if it never lands.
      StoreTableOperations table = writes.afterUnknown(e);
      if (writes.holds(table, commitId)) {
        return table;
      }
      throw writes.unknown(e);
    }
  }

  /** Iceberg's own retry, should somebody switch it on, must not build on another generation. */
  private static void validate(SnapshotUpdate<?> update, long generation) {
    if (update instanceof AppendFiles append) {
      append.validateWith(Fence.validator(generation));
    } else if (update instanceof RewriteFiles rewrite) {
      rewrite.validateWith(Fence.validator(generation));
    } else if (update instanceof DeleteFiles delete) {
      delete.validateWith(Fence.validator(generation));
    }
  }

  private void check(StoreTableOperations table, TableState base) {
    Fence.checkMaintenance(
        folder.stream(), table.current(), base.tableUuid().toString(), base.maintenance());
  }

  private WatershedException changed() {
    return new WatershedException(
        ErrorCode.FENCED,
        "Files of '" + folder.stream() + "' that were to be rewritten are not in it any more",
        "Other maintenance went first. Nothing is lost; maintain it again.");
  }

  /** The live files that the filter may select; of these keys only, unless there are none. */
  private List<DataFile> live(StoreTableOperations table, Expression filter, Set<String> keys) {
    TableMetadata metadata = table.current();
    Snapshot snapshot = metadata.currentSnapshot();
    if (snapshot == null) {
      return List.of();
    }
    ReservoirFileIO io = io(table);
    List<DataFile> files = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      try (ManifestReader<DataFile> reader =
          ManifestFiles.read(manifest, io, metadata.specsById())) {
        for (DataFile file : reader.filterPartitions(filter)) {
          String key = io.keyOf(file.location());
          if ((keys.isEmpty() || keys.contains(key)) && seen.add(key)) {
            files.add(file.copy());
          }
        }
      } catch (IOException e) {
        throw new WatershedException(
            ErrorCode.STORE, "Cannot read the manifest " + manifest.path(), "Try again.", e);
      }
    }
    return files;
  }

  private static ReservoirFileIO io(StoreTableOperations table) {
    return (ReservoirFileIO) table.io();
  }

  private static Expression equalTo(LocalDate day) {
    return Expressions.equal(TableSchema.PARTITION_FIELD, (int) day.toEpochDay());
  }

  private static Expression earlierThan(LocalDate day) {
    return Expressions.lessThan(TableSchema.PARTITION_FIELD, (int) day.toEpochDay());
  }

  /** What a try changes in the table's files. */
  private interface Change {
    SnapshotUpdate<?> on(StoreTableOperations table, Transaction transaction);
  }
}
