package io.watershed.reservoir.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects {@code v<N>.metadata.json} and {@code version-hint.text} of one table, in the layout
 * of Iceberg's HadoopTables, so that any engine that reads such tables reads ours. Stateless;
 * thread-safe.
 */
final class MetadataVersions {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataVersions.class);
  private static final String HINT = "version-hint.text";
  private static final Pattern NAME = Pattern.compile("v(\\d{1,18})\\.metadata\\.json");
  private static final int MAX_HINT_BYTES = 64;

  /** So many versions above the hint are looked for one by one before the folder is listed. */
  private static final int MAX_STEPS_FROM_HINT = 16;

  private final TableFolder folder;
  private final ObjectStore store;
  private final long maxBytes;

  MetadataVersions(TableFolder folder, long maxBytes) {
    this.folder = folder;
    this.store = folder.store();
    this.maxBytes = maxBytes;
  }

  static String fileName(long version) {
    return "v" + version + ".metadata.json";
  }

  String key(long version) {
    return folder.metadataKey(fileName(version));
  }

  String location(long version) {
    return folder.locationOf(key(version));
  }

  /**
   * The newest version; empty if there is no table. Starts at the hint, which may lag but never
   * leads, and lists the folder when the hinted version is missing (PROTOCOL 3.4).
   */
  OptionalLong newest() {
    Optional<ObjectInfo> newest = newestObject();
    return newest.isPresent() ? OptionalLong.of(number(newest.get())) : OptionalLong.empty();
  }

  /** As {@link #newest}: the object of that version. */
  Optional<ObjectInfo> newestObject() {
    OptionalLong hint = hint();
    Optional<ObjectInfo> newest =
        hint.isEmpty() ? Optional.empty() : store.stat(key(hint.getAsLong()));
    if (newest.isEmpty()) {
      return newestListedObject();
    }
    for (int step = 1; step <= MAX_STEPS_FROM_HINT; step++) {
      Optional<ObjectInfo> next = store.stat(key(hint.getAsLong() + step));
      if (next.isEmpty()) {
        return newest;
      }
      newest = next;
    }
    return newestListedObject();
  }

  /** The version of an object of {@link #newestObject}. */
  static long number(ObjectInfo object) {
    Matcher matcher = NAME.matcher(object.key().substring(object.key().lastIndexOf('/') + 1));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(object.key() + " is no metadata version");
    }
    return Long.parseLong(matcher.group(1));
  }

  OptionalLong newestListed() {
    return list().stream().mapToLong(Version::number).max();
  }

  /** Looked up again by its key: what a listing says of it may differ in precision. */
  private Optional<ObjectInfo> newestListedObject() {
    OptionalLong newest = newestListed();
    return newest.isEmpty() ? Optional.empty() : store.stat(key(newest.getAsLong()));
  }

  /** Every version that is there, lowest first. */
  List<Version> list() {
    List<Version> versions = new ArrayList<>();
    for (ObjectInfo object : store.list(folder.metadataKey("v"))) {
      String name = object.key().substring(object.key().lastIndexOf('/') + 1);
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches()) {
        versions.add(
            new Version(Long.parseLong(matcher.group(1)), object.key(), object.lastModified()));
      }
    }
    versions.sort(Comparator.comparingLong(Version::number));
    return versions;
  }

  boolean exists(long version) {
    return store.stat(key(version)).isPresent();
  }

  Optional<byte[]> bytes(long version) {
    return store.get(key(version), maxBytes);
  }

  Optional<TableMetadata> read(long version) {
    return bytes(version).map(json -> parse(version, new String(json, StandardCharsets.UTF_8)));
  }

  CreateOutcome create(long version, byte[] json) {
    return store.createIfAbsent(key(version), json);
  }

  void delete(long version) {
    store.delete(key(version));
  }

  /** The hinted version, if the hint is there and is a number. */
  OptionalLong hint() {
    Optional<byte[]> content = store.get(folder.metadataKey(HINT), MAX_HINT_BYTES);
    if (content.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(
          Long.parseLong(new String(content.get(), StandardCharsets.UTF_8).trim()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Points the hint at this version, which is the newest; never lowers it, unless it points at
   * nothing. Best effort: a hint that lags costs readers a step or a listing, no more.
   *
   * @param hint what the hint was just now
   */
  void raiseHint(long version, OptionalLong hint) {
    try {
      if (hint.isEmpty() || hint.getAsLong() < version || !exists(hint.getAsLong())) {
        store.put(
            folder.metadataKey(HINT), Long.toString(version).getBytes(StandardCharsets.UTF_8));
      }
    } catch (WatershedException e) {
      LOG.warn(
          "Version {} of table '{}' is committed, but its hint could not be written: {}",
          version,
          folder.stream(),
          e.getMessage());
    }
  }

  /** As {@link #raiseHint}, for who has not read the hint just now. */
  void repairHint(long version) {
    try {
      raiseHint(version, hint());
    } catch (WatershedException e) {
      LOG.warn("The hint of table '{}' could not be read: {}", folder.stream(), e.getMessage());
    }
  }

  /** Without what Jackson adds of places in a text that is not shown. */
  private static String reason(RuntimeException thrown) {
    Throwable cause = thrown.getCause();
    String message =
        cause instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : thrown.getMessage();
    return message == null
        ? ""
        : ": " + message.replaceAll("\\s*\\(start marker at.*\\)|\\R.*", "");
  }

  private TableMetadata parse(long version, String json) {
    try {
      return TableMetadataParser.fromJson(location(version), json);
    } catch (RuntimeException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "'" + key(version) + "' is not Iceberg table metadata" + reason(e),
          "The object was damaged or written by another tool; restore it from a copy.",
          e);
    }
  }

  /**
   * One metadata object.
   *
   * @param number its version
   * @param key its key
   * @param lastModified by the store's own clock
   */
  record Version(long number, String key, Instant lastModified) {}
}
