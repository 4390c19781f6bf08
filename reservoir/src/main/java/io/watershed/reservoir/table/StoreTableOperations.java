package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iceberg's commit protocol over an atomic create: version N+1 belongs to whoever creates {@code
 * v<N+1>.metadata.json} (facts/iceberg.md and PROTOCOL 3.4). One instance per committer and commit;
 * not thread-safe.
 *
 * <p>The one trap is a base that is gone. Old versions are deleted; a writer that slept for a day
 * can then create a name that others created, superseded and deleted long ago, and believe it won.
 * So after a win the base must still be there. If it is not, the outcome is unknown, and our object
 * is taken away again only when a higher version exists whose history lacks our commit: in every
 * other case it may be the live table.
 */
final class StoreTableOperations implements TableOperations {
  private static final Logger LOG = LoggerFactory.getLogger(StoreTableOperations.class);

  private final TableFolder folder;
  private final MetadataVersions versions;
  private final ReservoirFileIO io;
  private @Nullable TableMetadata current;
  private long version;
  private boolean looked;

  StoreTableOperations(TableFolder folder, MetadataVersions versions, ReservoirFileIO io) {
    this.folder = folder;
    this.versions = versions;
    this.io = io;
  }

  /** N of the current {@code v<N>.metadata.json}; 0 if there is no table. */
  long version() {
    return version;
  }

  @Override
  @SuppressWarnings("NullAway") // Iceberg's contract: null while there is no table
  public TableMetadata current() {
    return current == null ? refresh() : current;
  }

  /**
   * Looks once, and again only after a commit failed. Iceberg asks three times for one commit, but
   * it is the create on top of what was read that decides, not how lately it was read.
   */
  @Override
  @SuppressWarnings("NullAway")
  public TableMetadata refresh() {
    if (looked) {
      return current;
    }
    looked = true;
    OptionalLong newest = versions.newest();
    if (newest.isEmpty()) {
      current = null;
      version = 0;
      return null;
    }
    if (current == null || newest.getAsLong() != version) {
      TableMetadata read =
          versions
              .read(newest.getAsLong())
              .orElseThrow(
                  () ->
                      new WatershedException(
                          ErrorCode.STORE,
                          "'" + versions.key(newest.getAsLong()) + "' vanished while it was read",
                          "Try again."));
      io.recordedLocation(read.location());
      current = read;
      version = newest.getAsLong();
    }
    return current;
  }

  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata changed) {
    if (base != current) {
      looked = false;
      throw new CommitFailedException(
          "Table '%s' changed since version %s", folder.stream(), version);
    }
    if (base == changed) {
      return;
    }
    looked = false;
    long next = version + 1;
    byte[] json = TableMetadataParser.toJson(changed).getBytes(StandardCharsets.UTF_8);
    switch (versions.create(next, json)) {
      case CREATED -> won(base, changed, next, json);
      case EXISTS ->
          throw new CommitFailedException(
              "Somebody else committed version %s of table '%s'", next, folder.stream());
      case UNKNOWN ->
          throw new CommitStateUnknownException(
              new IllegalStateException(
                  "no definite answer for version " + next + " of " + folder.stream()));
    }
  }

  private void won(@Nullable TableMetadata base, TableMetadata changed, long next, byte[] json) {
    OptionalLong hint;
    try {
      hint = versions.hint();
      checkBase(base, changed, next, json, hint);
    } catch (WatershedException e) {
      throw new CommitStateUnknownException(e); // created, but not proven to be the table
    }
    versions.raiseHint(next, hint);
    current =
        TableMetadataParser.fromJson(
            versions.location(next), new String(json, StandardCharsets.UTF_8));
    version = next;
    looked = true;
    io.recordedLocation(current.location());
  }

  private void checkBase(
      @Nullable TableMetadata base,
      TableMetadata changed,
      long next,
      byte[] json,
      OptionalLong hint) {
    boolean baseIsThere =
        next == 1 ? versions.newestListed().orElse(1) == 1 : versions.exists(next - 1);
    // A hint above us means that others went on: after us, or long ago on top of a base that
    // another returning writer made exist again.
    boolean othersAreAhead = hint.orElse(0) > next;
    if (baseIsThere && !othersAreAhead) {
      return;
    }
    LOG.warn(
        "Version {} of table '{}' was created, but {}: asking the table",
        next,
        folder.stream(),
        othersAreAhead ? "others are ahead" : "version " + (next - 1) + " is gone");
    OptionalLong newest = versions.newestListed();
    if (newest.isPresent() && newest.getAsLong() > next) {
      Optional<TableMetadata> live = versions.read(newest.getAsLong());
      if (live.isPresent()
          && !holds(live.get(), base, changed, next)
          && Arrays.equals(versions.bytes(next).orElse(new byte[0]), json)) {
        LOG.warn(
            "Version {} of table '{}' came back from the past: version {} is the table; removed it",
            next,
            folder.stream(),
            newest.getAsLong());
        versions.delete(next);
      }
    }
    throw new CommitStateUnknownException(
        new IllegalStateException("version " + next + " may not be part of the table"));
  }

  /**
   * Whether the live table's history holds the commit that made {@code changed} of {@code base}.
   */
  private boolean holds(
      TableMetadata live, @Nullable TableMetadata base, TableMetadata changed, long next) {
    if (!live.uuid().equals(changed.uuid())) {
      return false;
    }
    if (base == null) {
      return true;
    }
    boolean addsSnapshot =
        changed.currentSnapshot() != null
            && base.snapshot(changed.currentSnapshot().snapshotId()) == null;
    if (addsSnapshot) {
      return live.snapshot(changed.currentSnapshot().snapshotId()) != null;
    }
    String name = "/" + MetadataVersions.fileName(next);
    return live.previousFiles().stream()
        .anyMatch(
            entry ->
                entry.file().endsWith(name)
                    && entry.timestampMillis() == changed.lastUpdatedMillis());
  }

  @Override
  public FileIO io() {
    return io;
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return folder.locationOf(folder.metadataKey(fileName));
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(folder.location(), current().properties());
  }
}
