package io.watershed.reservoir.table;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.reservoir.store.DiskStore;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** Does to an archive table, by Iceberg's own means, what another tool might do. */
public final class OtherTool {
  private final TableFolder folder;
  private final StoreTableOperations operations;

  public OtherTool(Path reservoir, String stream) {
    folder = new TableFolder(new DiskStore(reservoir), stream);
    long max = ReservoirSettings.DEFAULTS.maxMetadataBytes();
    operations =
        new StoreTableOperations(
            folder, new MetadataVersions(folder, max), new ReservoirFileIO(folder, max));
    operations.refresh();
  }

  private Table table() {
    return new BaseTable(operations, "orders", report -> {});
  }

  private DataFile file(Predicate<String> key) {
    for (FileScanTask task : table().newScan().planFiles()) {
      if (key.test(task.file().location())) {
        return task.file();
      }
    }
    throw new AssertionError("no such file");
  }

  /** Lists a file of the table once more, under this key. */
  public void append(String like, String key) {
    DataFile added =
        DataFiles.builder(operations.current().spec())
            .copy(file(location -> location.endsWith(like)))
            .withPath(folder.locationOf(key))
            .build();
    table().newAppend().appendFile(added).commit();
  }

  /** As {@link #append}, in the name of watershed: a defect, or a malicious one. */
  public void appendAsWatershed(String like, String key) {
    DataFile added =
        DataFiles.builder(operations.current().spec())
            .copy(file(location -> location.endsWith(like)))
            .withPath(folder.locationOf(key))
            .build();
    AppendFiles append = table().newAppend().appendFile(added);
    append
        .set(
            BookkeepingProperties.GENERATION,
            operations.current().properties().get(BookkeepingProperties.GENERATION))
        .commit();
  }

  /** Takes a file out of the table. */
  public void delete(String key) {
    DeleteFiles delete = table().newDelete();
    delete.deleteFile(file(location -> location.endsWith(key))).commit();
  }

  /** Makes the first snapshot current again. */
  public void rollBack() {
    TableMetadata now = operations.current();
    Snapshot first = now.snapshots().get(0);
    operations.commit(
        now, TableMetadata.buildFrom(now).setBranchSnapshot(first.snapshotId(), "main").build());
  }
}
