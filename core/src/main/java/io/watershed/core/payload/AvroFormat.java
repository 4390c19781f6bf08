package io.watershed.core.payload;

import io.watershed.core.config.AvroSettings;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Avro record a payload, bare or behind a registry's frame. A payload is decoded with the
 * schema that it was written with, and with no other: nothing is resolved or defaulted.
 */
final class AvroFormat implements PayloadFormat {
  static final String NAME = "avro";

  private static final Logger LOG = LoggerFactory.getLogger(AvroFormat.class);
  private static final int MAX_SCHEMAS = 10_000;

  /** Ids without a schema that one shredder asks for: hostile payloads can have any id. */
  private static final int MAX_UNKNOWN_IDS = 100;

  private final DeclaredSchema declared;
  private final AvroSettings settings;
  private final WriterSchemas schemas;
  private final String bareId;
  private final Map<String, Schema> known = new ConcurrentHashMap<>();

  /** The ids that a shredder asked for in vain. */
  static final class Asked {
    private final Set<String> inVain = new HashSet<>();
  }

  /**
   * @param schemas finds schemas by id; not asked for bare data
   * @throws WatershedException {@code config} if the schema of bare data cannot be read
   */
  AvroFormat(DeclaredSchema declared, AvroSettings settings, WriterSchemas schemas) {
    this.declared = declared;
    this.settings = settings;
    if (settings.schema().isPresent()) {
      String text = read(settings.schema().get());
      this.bareId = "bare-" + digest(text);
      this.schemas = schemas.or(id -> id.equals(bareId) ? Optional.of(text) : Optional.empty());
    } else {
      this.bareId = "";
      this.schemas = schemas;
    }
  }

  private static String read(Path file) {
    try {
      String text = Files.readString(file);
      parse(text);
      return text;
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the Avro schema " + file + " cannot be read: " + e,
          "Let 'avro_schema' name a file with an Avro schema in JSON (.avsc).",
          e);
    } catch (SchemaParseException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          file + " is not an Avro schema: " + firstLine(e),
          "Let 'avro_schema' name a file with an Avro schema in JSON (.avsc).",
          e);
    }
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return bounds.withDeclared(declared);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings bounds) {
    BitSet all = new BitSet(layout.size());
    all.set(0, layout.size());
    return new AvroShredder(
        this, layout, PathNode.tree(layout, all, true), ObservationLog.within(layout, bounds));
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new AvroShredder(
        this, layout, PathNode.tree(layout, wanted, false), ObservationLog.off());
  }

  Optional<AvroFrame> unframe(byte[] payload) {
    return AvroFrame.of(payload, settings, bareId);
  }

  /** The schema of that id; may ask for it, and so block. */
  Optional<Schema> schemaOf(String id, Asked asked) {
    Schema schema = known.get(id);
    if (schema != null) {
      return Optional.of(schema);
    }
    if (asked.inVain.contains(id) || asked.inVain.size() >= MAX_UNKNOWN_IDS) {
      return Optional.empty();
    }
    Optional<Schema> found = schemas.find(id).flatMap(text -> usable(id, text));
    if (found.isEmpty()) {
      asked.inVain.add(id);
    } else {
      if (known.size() >= MAX_SCHEMAS) {
        known.clear();
      }
      known.put(id, found.get());
    }
    return found;
  }

  private static Optional<Schema> usable(String id, String text) {
    try {
      return Optional.of(parse(text));
    } catch (SchemaParseException e) {
      LOG.warn("The schema {} is not an Avro schema that stands alone: {}", id, firstLine(e));
      return Optional.empty();
    }
  }

  private static Schema parse(String text) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
