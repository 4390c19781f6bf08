package io.watershed.reservoir.table;

import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The archive table of one stream. Readers call {@link #load()} and {@link #files}; one archiver
 * calls the others and is fenced when another one committed (PROTOCOL 3). Thread-safe for readers.
 */
public final class ArchiveTable {
  private final TableFolder folder;
  private final MetadataVersions versions;
  private final ReservoirSettings settings;
  private final Lineage lineage;
  private final TableCommitter committer;
  private final MaintenanceCommitter maintenance;
  private final ManifestCache manifests;
  private final Runnable whenCommitted;
  private volatile @Nullable Loaded last;

  /**
   * The table of a stream in this store; nothing is read yet.
   *
   * @param backoff between tries of a commit that lost a race
   * @param ids makes commit ids and the names of data files; each call another one
   */
  public ArchiveTable(
      ObjectStore store,
      String stream,
      ReservoirSettings settings,
      Backoff backoff,
      Supplier<UUID> ids) {
    this(store, stream, settings, backoff, ids, new ManifestCache(), () -> {});
  }

  /**
   * The same, with a cache that it shares with other tables of the store.
   *
   * @param manifests what was read of manifests
   * @param whenCommitted run after each commit, by the thread that made it
   */
  public ArchiveTable(
      ObjectStore store,
      String stream,
      ReservoirSettings settings,
      Backoff backoff,
      Supplier<UUID> ids,
      ManifestCache manifests,
      Runnable whenCommitted) {
    this.manifests = manifests;
    this.whenCommitted = whenCommitted;
    this.folder = new TableFolder(store, stream);
    this.versions = new MetadataVersions(folder, settings.maxMetadataBytes());
    this.settings = settings;
    this.lineage = new Lineage(folder, settings, ids);
    TableWrites writes = new TableWrites(folder, versions, settings, backoff);
    this.committer = new TableCommitter(folder, versions, lineage, writes, ids);
    this.maintenance = new MaintenanceCommitter(folder, lineage, writes, ids, this::sums);
  }

  /** The stream's name in the reservoir. */
  public String stream() {
    return folder.stream();
  }

  /** Whether the table was ever created. */
  public boolean exists() {
    return versions.newestObject().isPresent();
  }

  /** Creates the table; does nothing if it exists. */
  public void create() {
    committer.create();
  }

  /**
   * Reads the current metadata object.
   *
   * @throws WatershedException {@code not-found}, {@code foreign-snapshot}, {@code integrity}
   */
  public TableState load() {
    return state(current());
  }

  /**
   * The current metadata object, as a catalog points to it.
   *
   * @throws WatershedException {@code not-found}, {@code integrity}
   */
  public MetadataPointer pointer() {
    Loaded loaded = current();
    return new MetadataPointer(
        stream(),
        UUID.fromString(loaded.metadata.uuid()),
        folder.location(),
        loaded.version,
        versions.location(loaded.version),
        ColumnType.of(loaded.metadata.schema()));
  }

  /**
   * Adds payload columns in a commit of their own (PROTOCOL 3.6). Columns that are there already
   * are left alone.
   *
   * @return the state after the commit, or the current one if nothing was missing
   * @throws WatershedException {@code fenced}, {@code foreign-snapshot}, {@code invalid-input} for
   *     a name that is taken, {@code commit-state-unknown}
   */
  public TableState addColumns(TableState base, PayloadSchema grown) {
    return remember(committer.addColumns(base, grown));
  }

  /**
   * Uploads the files, appends them and moves the checkpoints, fenced by {@code base.generation()}.
   *
   * @return the state after the commit
   * @throws WatershedException {@code fenced} if another archiver committed since {@code base}
   *     (nothing of ours is in the table), {@code foreign-snapshot}, {@code integrity} if files and
   *     checkpoints contradict each other, {@code commit-state-unknown} if the store gave no
   *     definite answer within the bound: load again, and see whether the generation moved
   */
  public TableState commit(TableState base, ArchiveCommit commit) {
    return remember(committer.commit(base, commit));
  }

  /**
   * Commits an empty append that moves the generation, so that every other archiver that holds an
   * older state is fenced (PROTOCOL 3.5).
   *
   * @throws WatershedException as {@link #commit}
   */
  public TableState fence(TableState base) {
    return remember(committer.fence(base));
  }

  /**
   * What another tool did to the table, if {@link #load()} refuses it as {@code foreign-snapshot};
   * empty if the table is in order. Changes nothing.
   *
   * @throws WatershedException as {@link #load()}, other than {@code foreign-snapshot}
   */
  public Optional<ForeignChange> foreignChange() {
    Loaded loaded = current();
    try {
      Fence.generation(stream(), loaded.metadata);
      return Optional.empty();
    } catch (WatershedException e) {
      if (e.code() != ErrorCode.FOREIGN_SNAPSHOT) {
        throw e;
      }
      Optional<TableState> own =
          Fence.ownSnapshot(loaded.metadata)
              .map(
                  snapshot ->
                      StateReader.state(
                          stream(), loaded.version, loaded.metadata, snapshot, lineage));
      ReservoirFileIO io = new ReservoirFileIO(folder, settings.maxMetadataBytes());
      io.recordedLocation(loaded.metadata.location());
      return Optional.of(new ForeignInspection(io, loaded.metadata).describe(e, own));
    }
  }

  /**
   * Replaces files by others with the same records, uploading these first. An archiver may commit
   * meanwhile: neither fences the other. To use it:
   *
   * <ol>
   *   <li>{@link #load()} the base <em>before</em> the new files are written; the fence is {@code
   *       base.maintenance()}
   *   <li>pick files of one UTC day from {@link #files}, and write their rows in (shard, position)
   *       order into new files whose footers hold {@link RewriteRules#merge} of the old ones' sums
   *   <li>call this; delete the local files whatever it says
   * </ol>
   *
   * @return the state after the commit
   * @throws WatershedException {@code fenced} if other maintenance changed the table since the base
   *     (nothing of ours is in the table: load again), {@code integrity} if the new files do not
   *     hold what the old ones held, {@code foreign-snapshot}; {@code commit-state-unknown}: the
   *     table is right whether it landed or not
   */
  public TableState rewrite(TableState base, FileRewrite rewrite) {
    return remember(maintenance.rewrite(base, rewrite));
  }

  /**
   * Takes the files of whole UTC days out of the table, and records what went with them ({@link
   * TableState#dropped()}), in one commit. The objects stay until {@link #unreferenced} finds them.
   *
   * @param before days before this one
   * @throws WatershedException as {@link #rewrite}
   */
  public TableState dropDays(TableState base, LocalDate before) {
    return remember(maintenance.drop(base, before));
  }

  /**
   * Commits an empty append that fences everybody who holds an older state, archivers and
   * maintenance alike, so that what they uploaded can be removed (PROTOCOL 3.5).
   *
   * @throws WatershedException as {@link #rewrite}
   */
  public TableState fenceAll(TableState base) {
    return remember(maintenance.fenceAll(base));
  }

  /**
   * After another tool's append, delete or rollback ({@code foreign-snapshot}): makes watershed's
   * own newest snapshot current again, the one that belongs to the checkpoints. What the other tool
   * wrote is no longer in the table. Does nothing to a table that is in order.
   *
   * @throws WatershedException {@code integrity} if that snapshot has expired
   */
  public TableState repair() {
    return remember(committer.repair());
  }

  /**
   * Deletes metadata versions that are old enough (PROTOCOL 3.4), lowest first, each confirmed.
   *
   * @param atMost bound of this call
   * @return how many were deleted
   */
  public int deleteOldVersions(int atMost) {
    return new OldVersions(versions, settings.metadataVersionAge()).delete(atMost);
  }

  /**
   * Finds manifests, lineage objects and data files that nobody can need any more: those of
   * snapshots that no metadata version names, {@code metadataVersionAge} after they were replaced,
   * and what dead writers left behind. Reads the whole listing of the table.
   *
   * @param atMost bound of the result
   */
  public Unreferenced unreferenced(int atMost) {
    return new UnreferencedScan(folder, versions, settings.maxMetadataBytes()).find(atMost);
  }

  /**
   * Deletes one object that {@link #unreferenced} found removable.
   *
   * @return whether a look afterwards finds it gone
   */
  public boolean remove(ObjectStore.ObjectInfo object) {
    folder.store().delete(object.key());
    return folder.store().stat(object.key()).isEmpty();
  }

  /** The data files of the state's snapshot; empty before the first commit. */
  public List<DataFileInfo> files(TableState state) {
    return files(state, FileFilter.ALL);
  }

  /** The data files of the state's snapshot that may hold what the filter asks for. */
  public List<DataFileInfo> files(TableState state, FileFilter filter) {
    return plan(state, (planner, table, snapshot) -> planner.plan(table, snapshot, filter));
  }

  /** The data files of the state's snapshot that may hold rows for which the predicate holds. */
  public List<DataFileInfo> files(TableState state, FilePredicate predicate) {
    return plan(state, (planner, table, snapshot) -> planner.plan(table, snapshot, predicate));
  }

  private List<DataFileInfo> plan(TableState state, Planning planning) {
    if (state.snapshotId().isEmpty()) {
      return List.of();
    }
    TableMetadata table = metadata(state);
    ReservoirFileIO io = new ReservoirFileIO(folder, settings.maxMetadataBytes());
    io.recordedLocation(table.location());
    Snapshot snapshot = table.snapshot(state.snapshotId().getAsLong());
    return planning.plan(new FilePlanner(io, manifests), table, snapshot);
  }

  private interface Planning {
    List<DataFileInfo> plan(FilePlanner planner, TableMetadata table, Snapshot snapshot);
  }

  /** Every data file of the state's snapshot, as the metadata describe it; sorted by key. */
  public List<ListedFile> listFiles(TableState state) {
    if (state.snapshotId().isEmpty()) {
      return List.of();
    }
    TableMetadata table = metadata(state);
    ReservoirFileIO io = new ReservoirFileIO(folder, settings.maxMetadataBytes());
    io.recordedLocation(table.location());
    return new FileList(io, table).of(table.snapshot(state.snapshotId().getAsLong()));
  }

  /** Every snapshot that the state's metadata still name, oldest first. */
  public List<TableSnapshot> snapshots(TableState state) {
    if (state.snapshotId().isEmpty()) {
      return List.of();
    }
    return metadata(state).snapshots().stream()
        .map(TableSnapshot::of)
        .sorted(Comparator.comparingLong(TableSnapshot::sequence))
        .toList();
  }

  /** Every object of other tools that was imported, as the newest metadata object says. */
  public List<ImportedObject> importedObjects() {
    return new ImportList(folder, UUID::randomUUID)
        .read(current().metadata.properties().get(BookkeepingProperties.IMPORTS));
  }

  /** Every object in the folder of the table's data files, in use or not; lazily paged. */
  public Iterable<ObjectInfo> dataObjects() {
    return folder.store().list(folder.dataKey(""));
  }

  /**
   * What was appended since a time, as far as the snapshots that are still kept tell: oldest first.
   */
  public List<Append> appendsSince(TableState state, Instant since) {
    if (state.snapshotId().isEmpty()) {
      return List.of();
    }
    return metadata(state).snapshots().stream()
        .filter(snapshot -> DataOperations.APPEND.equals(snapshot.operation()))
        .filter(snapshot -> snapshot.timestampMillis() >= since.toEpochMilli())
        .sorted(Comparator.comparingLong(Snapshot::timestampMillis))
        .map(Append::of)
        .toList();
  }

  /** Reads the sums in one file's footer. */
  public FileSums sums(DataFileInfo file) {
    return sums(file, ParquetFooter.keyValues(folder.store(), file.key(), file.sizeBytes()));
  }

  /** Reads the sums in one file's footer, of which a copy is on this machine. */
  public FileSums sums(DataFileInfo file, Path copy) {
    return sums(file, ParquetFooter.keyValues(copy));
  }

  private static FileSums sums(DataFileInfo file, Map<String, String> keyValues) {
    String json = keyValues.get(FileSums.FOOTER_KEY);
    if (json == null) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The data file '" + file.key() + "' has no sums in its footer",
          "It was not written by watershed.");
    }
    return FileSums.parse(json);
  }

  private Loaded current() {
    Optional<ObjectInfo> newest = versions.newestObject();
    if (newest.isEmpty()) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          "There is no archive table '" + stream() + "' in " + folder.store().root(),
          "Archive the stream first: watershed archive " + stream());
    }
    long version = MetadataVersions.number(newest.get());
    Loaded cached = last;
    if (cached != null && cached.version == version && cached.isObject(newest.get())) {
      return cached;
    }
    TableMetadata metadata = versions.read(version).orElseThrow(() -> vanished(version));
    Loaded loaded = new Loaded(version, metadata, newest);
    last = loaded;
    return loaded;
  }

  private TableState state(Loaded loaded) {
    Fence.generation(stream(), loaded.metadata);
    return StateReader.state(stream(), loaded.version, loaded.metadata, lineage);
  }

  private TableState remember(StoreTableOperations committed) {
    Loaded loaded = new Loaded(committed.version(), committed.current(), Optional.empty());
    last = loaded;
    whenCommitted.run();
    return state(loaded);
  }

  /** The metadata that the state was read from, or a newer one that still has its snapshot. */
  private TableMetadata metadata(TableState state) {
    long snapshot = state.snapshotId().orElseThrow();
    Loaded cached = last;
    if (cached != null && holds(cached.metadata, state, snapshot)) {
      return cached.metadata;
    }
    return read(state.metadataVersion())
        .or(() -> Optional.of(current()))
        .map(loaded -> loaded.metadata)
        .filter(table -> holds(table, state, snapshot))
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "Snapshot " + snapshot + " of '" + stream() + "' has expired",
                    "Load the table again: the newest snapshot holds the same records."));
  }

  private static boolean holds(TableMetadata table, TableState state, long snapshot) {
    return table.uuid().equals(state.tableUuid().toString()) && table.snapshot(snapshot) != null;
  }

  private Optional<Loaded> read(long version) {
    return versions.read(version).map(metadata -> new Loaded(version, metadata, Optional.empty()));
  }

  private WatershedException vanished(long version) {
    return new WatershedException(
        ErrorCode.STORE,
        "'" + versions.key(version) + "' vanished while it was read",
        "Try again.");
  }

  /**
   * A metadata object that was read.
   *
   * @param object as the store had it; empty if we wrote it ourselves
   */
  private record Loaded(long version, TableMetadata metadata, Optional<ObjectInfo> object) {
    /** Whether it is this object: a table that was dropped and made again counts from 1. */
    boolean isObject(ObjectInfo other) {
      return object.isEmpty() || object.get().equals(other);
    }
  }

  /** Where it is. */
  @Override
  public String toString() {
    return folder.location();
  }
}
