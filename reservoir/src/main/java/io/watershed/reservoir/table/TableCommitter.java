package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.reservoir.table.DataFileReader.Inspected;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every way in which an archive table changes (PROTOCOL 3). Each attempt starts from the newest
 * metadata, checks the fence against it, and commits on exactly that base; Iceberg's own retries
 * are off, and its validator checks the fence a second time should somebody switch them on.
 */
final class TableCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);

  private final TableFolder folder;
  private final MetadataVersions versions;
  private final Lineage lineage;
  private final TableWrites writes;
  private final Supplier<UUID> ids;

  TableCommitter(
      TableFolder folder,
      MetadataVersions versions,
      Lineage lineage,
      TableWrites writes,
      Supplier<UUID> ids) {
    this.folder = folder;
    this.versions = versions;
    this.lineage = lineage;
    this.writes = writes;
    this.ids = ids;
  }

  /** Creates the table, unless it is there or somebody else creates it first. */
  void create() {
    StoreTableOperations table = writes.operations();
    if (table.refresh() != null) {
      return;
    }
    Schema schema = TableSchema.initial();
    TableMetadata first =
        TableMetadata.newTableMetadata(
            schema,
            TableSchema.partitioning(schema),
            TableSchema.sorting(schema),
            folder.location(),
            TableDefaults.properties());
    try {
      table.commit(null, first);
      LOG.info("Created the archive table '{}' in {}", folder.stream(), folder.location());
    } catch (CommitFailedException | CommitStateUnknownException e) {
      if (versions.newest().isEmpty()) {
        throw writes.unknown(e);
      }
    }
  }

  StoreTableOperations addColumns(TableState base, PayloadSchema grown) {
    try {
      return writes.attempts(
          writes.newest(), table -> check(table, base), table -> addColumns(table, grown));
    } catch (CommitStateUnknownException e) {
      return resolve(grown, e);
    }
  }

  /** After an unknown outcome, what matters is that the columns are there, by whoever's commit. */
  private StoreTableOperations resolve(PayloadSchema grown, CommitStateUnknownException cause) {
    StoreTableOperations table;
    try {
      table = writes.newest();
    } catch (WatershedException e) {
      throw writes.unknown(cause);
    }
    if (TableSchema.lacks(TableSchema.payload(table.current().schema()), grown)) {
      throw writes.unknown(cause);
    }
    return table;
  }

  private void addColumns(StoreTableOperations table, PayloadSchema grown) {
    PayloadSchema present = TableSchema.payload(table.current().schema());
    if (TableSchema.lacks(present, grown)) {
      UpdateSchema update = new BaseTable(table, folder.stream(), report -> {}).updateSchema();
      TableSchema.add(update, present, grown);
      update.commit();
    }
  }

  StoreTableOperations commit(TableState base, ArchiveCommit commit) {
    StoreTableOperations table = writes.newest();
    check(table, base);
    DataFileReader reader = new DataFileReader(table.current());
    List<Inspected> inspected = commit.files().stream().map(reader::inspect).toList();
    List<FileSums> sums = inspected.stream().map(Inspected::sums).toList();
    // Checked before anything is uploaded; the attempts apply it again to the base they build on.
    CommitRules.apply(lineage.read(table.current().properties()), commit, sums);
    UUID commitId = ids.get();
    Uploads uploads = new Uploads(folder);
    try {
      String prefix = String.format("%08d-%s", base.generation() + 1, commitId);
      List<DataFile> files = uploads.upload(table.current(), prefix, commit.files(), inspected);
      Optional<String> imports = importList(table, commit);
      return append(
          base,
          table,
          commitId,
          files,
          books -> {
            Bookkeeping next = CommitRules.apply(books, commit, sums);
            return imports.isEmpty() ? next : next.withImports(imports);
          });
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.COMMIT_STATE_UNKNOWN) {
        uploads.discard(); // a definite loss: nothing names these files
      }
      throw e;
    }
  }

  /** The list that names what this commit imports, written; empty if it imports nothing. */
  private Optional<String> importList(StoreTableOperations table, ArchiveCommit commit) {
    String newest = table.current().properties().get(BookkeepingProperties.IMPORTS);
    return commit.imported().isEmpty()
        ? Optional.empty()
        : Optional.of(new ImportList(folder, ids).append(newest, commit.imported()));
  }

  StoreTableOperations fence(TableState base) {
    return append(base, writes.newest(), ids.get(), List.of(), Bookkeeping::fenced);
  }

  /** Makes the snapshot current that has the checkpoints' generation. */
  StoreTableOperations repair() {
    StoreTableOperations table = writes.newest();
    TableMetadata broken = table.current();
    Optional<Snapshot> own = Fence.ownSnapshot(broken);
    if (own.isEmpty()) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "No snapshot of '" + folder.stream() + "' belongs to its checkpoints' generation",
          "It has expired; restore an older metadata version from a copy.");
    }
    if (!own.get().equals(broken.currentSnapshot())) {
      TableMetadata repaired =
          TableMetadata.buildFrom(broken)
              .setBranchSnapshot(own.get().snapshotId(), SnapshotRef.MAIN_BRANCH)
              .build();
      try {
        table.commit(broken, repaired);
      } catch (CommitFailedException | CommitStateUnknownException e) {
        throw new WatershedException(
            ErrorCode.COMMIT_STATE_UNKNOWN,
            "Somebody changed '" + folder.stream() + "' while it was repaired",
            "Stop other writers, then repair it again if it still needs it.",
            e);
      }
      LOG.info("Made snapshot {} of '{}' current again", own.get().snapshotId(), folder.stream());
    }
    return table;
  }

  private void check(StoreTableOperations table, TableState base) {
    Fence.check(folder.stream(), table.current(), base.tableUuid().toString(), base.generation());
  }

  /** One transaction: append first, then properties (PROTOCOL 3.1). */
  private StoreTableOperations append(
      TableState base,
      StoreTableOperations newest,
      UUID commitId,
      List<DataFile> files,
      Function<Bookkeeping, Bookkeeping> step) {
    try {
      return writes.attempts(
          newest,
          table -> check(table, base),
          table -> {
            Map<String, String> before = table.current().properties();
            Bookkeeping next = step.apply(lineage.read(before));
            SortedMap<String, String> after = lineage.write(next, before);
            Transaction transaction =
                Transactions.newTransaction(folder.stream(), table, report -> {});
            AppendFiles append = transaction.newAppend().scanManifestsWith(new CallingThread());
            files.forEach(append::appendFile);
            append
                .set(BookkeepingProperties.GENERATION, Long.toString(next.generation()))
                .set(BookkeepingProperties.COMMIT_ID, commitId.toString())
                .validateWith(Fence.validator(base.generation()))
                .commit();
            replaceProperties(transaction, before, after);
            writes.expireSnapshots(transaction, table.current());
            transaction.commitTransaction();
          });
    } catch (CommitStateUnknownException e) {
      return resolve(base, commitId, e);
    }
  }

  static void replaceProperties(
      Transaction transaction, Map<String, String> before, SortedMap<String, String> after) {
    UpdateProperties update = transaction.updateProperties();
    after.forEach(
        (name, value) -> {
          if (!value.equals(before.get(name))) {
            update.set(name, value);
          }
        });
    before.keySet().stream()
        .filter(name -> name.startsWith(BookkeepingProperties.PREFIX) && !after.containsKey(name))
        .forEach(update::remove);
    update.commit();
  }

  /**
   * After an unknown outcome only the table knows: if a snapshot carries our commit id, we won. If
   * the generation moved without us, a create of ours can no longer land, since its name is taken.
   * Else nobody knows yet.
   */
  private StoreTableOperations resolve(
      TableState base, UUID commitId, CommitStateUnknownException cause) {
    StoreTableOperations table = writes.afterUnknown(cause);
    if (writes.holds(table, commitId)) {
      return table;
    }
    if (table.current().uuid().equals(base.tableUuid().toString())
        && reachesBack(table.current(), base.generation() + 1)) {
      check(table, base);
    }
    throw writes.unknown(cause);
  }

  /** Whether the kept snapshots would still show a commit that made this generation. */
  private static boolean reachesBack(TableMetadata table, long generation) {
    return table.snapshots().stream()
        .map(snapshot -> Fence.generation(snapshot.summary()))
        .flatMap(Optional::stream)
        .anyMatch(kept -> kept <= generation);
  }
}
