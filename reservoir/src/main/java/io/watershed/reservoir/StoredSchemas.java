package io.watershed.reservoir;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.WriterSchemas;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The schemas that a stream's Avro payloads were written with, kept beside its table as {@code
 * <stream>/schemas/<id>.avsc}, so that the archive can be read when the registry is gone.
 */
final class StoredSchemas implements WriterSchemas {
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");
  private static final long MAX_SCHEMA_BYTES = 4 << 20;

  private final ObjectStore store;
  private final String stream;
  private final WriterSchemas source;
  private final boolean keeping;

  /**
   * @param source asked for what is not kept yet
   * @param keeping whether what the source has is kept; readers may not be allowed to write
   */
  StoredSchemas(ObjectStore store, String stream, WriterSchemas source, boolean keeping) {
    this.store = store;
    this.stream = stream;
    this.source = source;
    this.keeping = keeping;
  }

  @Override
  public Optional<String> find(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    String key = stream + "/schemas/" + id + ".avsc";
    Optional<byte[]> kept = store.get(key, MAX_SCHEMA_BYTES);
    if (kept.isPresent()) {
      return kept.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
    Optional<String> found = source.find(id);
    if (keeping && found.isPresent()) {
      keep(key, found.get());
    }
    return found;
  }

  /** Before the first file that needs it: if it cannot be kept, there is no such file. */
  private void keep(String key, String schema) {
    CreateOutcome outcome = store.createIfAbsent(key, schema.getBytes(StandardCharsets.UTF_8));
    if (outcome == CreateOutcome.UNKNOWN && store.get(key, MAX_SCHEMA_BYTES).isEmpty()) {
      throw new WatershedException(
          ErrorCode.STORE, "The schema '" + key + "' could not be kept", "It is tried again.");
    }
  }
}
