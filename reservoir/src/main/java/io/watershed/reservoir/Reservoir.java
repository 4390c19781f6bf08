package io.watershed.reservoir;

import io.watershed.aws.AwsConnection;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.config.ReservoirConfig;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.WriterSchemas;
import io.watershed.reservoir.store.Backoff;
import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ObjectKeys;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.S3Location;
import io.watershed.reservoir.store.S3Store;
import io.watershed.reservoir.store.Sleeper;
import io.watershed.reservoir.store.StoreProbe;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ManifestCache;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The root of everything stored: archive tables, receipts, the replay ledger. Thread-safe. */
public final class Reservoir implements AutoCloseable {
  private final ObjectStore store;
  private final ReservoirSettings settings;
  private final Backoff backoff;
  private final Supplier<UUID> ids;
  private final ManifestCache manifests = new ManifestCache();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean probed;

  /**
   * A reservoir in this store; the simulator brings its own.
   *
   * @param store closed with the reservoir
   * @param backoff between tries of a commit
   * @param ids makes unique names
   */
  public Reservoir(
      ObjectStore store, ReservoirSettings settings, Backoff backoff, Supplier<UUID> ids) {
    this.store = store;
    this.settings = settings;
    this.backoff = backoff;
    this.ids = ids;
  }

  /**
   * Opens the reservoir at {@code s3://bucket/prefix}, a folder, or a {@code file:} URI. Nothing is
   * read or written yet.
   *
   * @throws WatershedException {@code invalid-input} if the location is none of these; {@code
   *     config} or {@code credentials} for S3
   */
  public static Reservoir open(String location, AwsAccess access) {
    return open(location, access, Optional.empty());
  }

  /**
   * Opens the configured reservoir, as {@link #open(String, AwsAccess)} does.
   *
   * @throws WatershedException as there
   */
  public static Reservoir open(ReservoirConfig config) {
    return open(config.root().toString(), config.access(), config.kmsKey());
  }

  private static Reservoir open(String location, AwsAccess access, Optional<String> kmsKey) {
    ReservoirSettings settings = ReservoirSettings.DEFAULTS;
    Backoff backoff =
        new Backoff(
            settings.firstPause(), settings.longestPause(), new SecureRandom(), Sleeper.REAL);
    ObjectStore store =
        location.startsWith("s3:")
            ? S3Store.open(
                S3Location.parse(location),
                AwsConnection.open(access, AwsClientSettings.DEFAULTS),
                settings,
                backoff,
                InstantSource.system(),
                kmsKey)
            : diskStore(location);
    return new Reservoir(store, settings, backoff, UUID::randomUUID);
  }

  private static ObjectStore diskStore(String location) {
    try {
      if (location.startsWith("file:")) {
        return new DiskStore(Path.of(URI.create(location)));
      }
      if (!location.isBlank() && !location.contains("://")) {
        return new DiskStore(Path.of(location));
      }
    } catch (IllegalArgumentException e) {
      // InvalidPathException included: said below
    }
    throw new WatershedException(
        ErrorCode.INVALID_INPUT,
        "'" + location + "' is no place for a reservoir",
        "Write s3://bucket/prefix or a folder.");
  }

  /** The objects, for receipts and the ledger. */
  public ObjectStore store() {
    return store;
  }

  /**
   * The Avro schemas that are kept with a stream, and those of a source.
   *
   * @param source asked for what is not kept yet
   * @param keeping whether what the source has is kept from then on
   */
  public WriterSchemas schemas(String stream, WriterSchemas source, boolean keeping) {
    return new StoredSchemas(store, stream, source, keeping);
  }

  /** Names of the streams that have an archive table, sorted. */
  public List<String> streams() {
    return store.listFolders("").stream()
        .filter(name -> ObjectKeys.isSegment(name) && table(name).exists())
        .toList();
  }

  /** The stream's archive table; empty if nothing was ever archived. */
  public Optional<ArchiveTable> find(String stream) {
    return Optional.of(table(stream)).filter(ArchiveTable::exists);
  }

  /**
   * The stream's archive table, which must be there.
   *
   * @throws WatershedException {@code not-found} if nothing was ever archived of it
   */
  public ArchiveTable archive(String stream) {
    return find(stream)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "Nothing is archived of '" + stream + "' in " + this,
                    "'watershed status' shows what there is; 'watershed archive' archives."));
  }

  /** The stream's archive table, created if need be; probes the store first, once. */
  public ArchiveTable createOrLoad(String stream) {
    ArchiveTable table = table(stream);
    if (!probed) {
      probe();
    }
    table.create();
    return table;
  }

  /**
   * Checks that conditional creates work (facts: a store without them loses commits).
   *
   * @throws WatershedException {@code store-not-conditional}
   */
  public void probe() {
    new StoreProbe(store).run();
    probed = true;
  }

  /**
   * Tells of each commit that is made through this object.
   *
   * @param listener gets the stream's name, from the thread that committed: it must neither wait
   *     nor throw
   */
  public void whenCommitted(Consumer<String> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    store.close();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return store.root();
  }

  private ArchiveTable table(String stream) {
    return new ArchiveTable(
        store, stream, settings, backoff, ids, manifests, () -> committed(stream));
  }

  private void committed(String stream) {
    for (Consumer<String> listener : listeners) {
      listener.accept(stream);
    }
  }
}
