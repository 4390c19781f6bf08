package io.watershed.reservoir;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.ArchiveTable;
import java.util.List;
import java.util.Optional;

/** The root of everything stored: archive tables, receipts, the replay ledger. Thread-safe. */
public interface Reservoir extends AutoCloseable {
  /**
   * Opens the reservoir at {@code s3://bucket/prefix}, a folder, or a {@code file:} URI. Nothing is
   * read or written yet.
   *
   * @throws WatershedException {@code invalid-input} if the location is none of these; {@code
   *     config} or {@code credentials} for S3
   */
  @SuppressWarnings("DoNotCallSuggester") // the stores land next
  static Reservoir open(String location, AwsAccess access) {
    throw new WatershedException(
        ErrorCode.INTERNAL, "No store for " + location + " yet, with " + access, "");
  }

  /** The objects, for receipts and the ledger. */
  ObjectStore store();

  /** Names of the streams that have an archive table. */
  List<String> streams();

  /** The stream's archive table; empty if nothing was ever archived. */
  Optional<ArchiveTable> find(String stream);

  /** The stream's archive table, created if need be; probes the store first. */
  ArchiveTable createOrLoad(String stream);

  /**
   * Checks that conditional creates work (PROTOCOL, facts/iceberg.md).
   *
   * @throws io.watershed.core.error.WatershedException {@code store-not-conditional}
   */
  void probe();

  @Override
  void close();
}
