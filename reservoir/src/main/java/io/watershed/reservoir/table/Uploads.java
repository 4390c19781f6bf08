package io.watershed.reservoir.table;

import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.DataFileReader.Inspected;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.TableMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data files that one commit uploads, so that a commit that surely lost can remove them. */
final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

  private final TableFolder folder;
  private final List<String> keys = new ArrayList<>();

  Uploads(TableFolder folder) {
    this.folder = folder;
  }

  /**
   * Uploads the files under names that are never used twice: a zombie and its successor must not
   * share a file. A name ends with the digest of the file's bytes, see {@link FileDigest}.
   *
   * @param prefix unique to the commit
   * @return the files as Iceberg knows them
   */
  List<DataFile> upload(
      TableMetadata table, String prefix, List<NewDataFile> files, List<Inspected> inspected) {
    List<DataFile> uploaded = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      NewDataFile file = files.get(i);
      String key =
          folder.dataKey(
              String.format(
                  "%s=%s/%s-%03d-%s.parquet",
                  TableSchema.PARTITION_FIELD, file.day(), prefix, i, FileDigest.of(file.file())));
      keys.add(key);
      folder.store().upload(key, file.file());
      uploaded.add(dataFile(table, key, file, inspected.get(i)));
    }
    return uploaded;
  }

  private DataFile dataFile(
      TableMetadata table, String key, NewDataFile file, Inspected inspected) {
    return DataFiles.builder(table.spec())
        .withPath(folder.locationOf(key))
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(file.file().toFile().length())
        .withPartitionPath(TableSchema.PARTITION_FIELD + "=" + file.day())
        .withMetrics(inspected.metrics())
        .withSplitOffsets(inspected.splitOffsets())
        .withSortOrder(table.sortOrder())
        .build();
  }

  /** Removes what was uploaded; only when nothing can name it. */
  void discard() {
    for (String key : keys) {
      try {
        folder.store().delete(key);
      } catch (WatershedException e) {
        LOG.warn("Could not remove '{}' after a lost commit: {}", key, e.getMessage());
      }
    }
  }
}
