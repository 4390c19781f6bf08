package io.watershed.core.payload;

import io.watershed.core.config.AvroSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the configuration says that schemas are. */
public final class SchemaSources {
  private static final long MAX_SCHEMA_BYTES = 4 << 20;

  private SchemaSources() {}

  /** The configured folder, then the configured registry. */
  public static WriterSchemas of(AvroSettings settings) {
    WriterSchemas none = id -> Optional.empty();
    WriterSchemas folder = settings.schemas().map(SchemaSources::folder).orElse(none);
    WriterSchemas registry =
        settings.registry().<WriterSchemas>map(ConfluentRegistry::new).orElse(none);
    return folder.or(registry);
  }

  /** Files {@code <id>.avsc}. */
  static WriterSchemas folder(Path folder) {
    return id -> {
      Path file = folder.resolve(id + ".avsc");
      try {
        return Files.size(file) > MAX_SCHEMA_BYTES
            ? Optional.empty()
            : Optional.of(Files.readString(file));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new WatershedException(
            ErrorCode.STORE,
            "the Avro schema " + file + " cannot be read: " + e,
            "Check the folder of 'avro_schemas', and that the file is UTF-8.",
            e);
      }
    };
  }
}
