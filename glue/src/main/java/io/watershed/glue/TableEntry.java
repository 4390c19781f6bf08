package io.watershed.glue;

import io.watershed.reservoir.table.MetadataPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;

/**
 * An archive's entry in Glue, by the conventions that Athena, Trino and Spark share for Iceberg
 * tables (https://iceberg.apache.org/docs/latest/aws/#glue-catalog): an external table whose
 * parameters name its type and its metadata object. Two parameters of ours tell whose it is.
 */
final class TableEntry {
  static final String METADATA_LOCATION = "metadata_location";
  private static final String PREVIOUS_LOCATION = "previous_metadata_location";
  private static final String TABLE_TYPE = "table_type";
  private static final String ICEBERG = "ICEBERG";
  private static final String OURS = "watershed.location";
  private static final String UUID = "watershed.table-uuid";
  private static final Pattern VERSION = Pattern.compile("v(\\d{1,18})\\.metadata\\.json");
  private static final int MAX_NAME = 255;

  private final MetadataPointer pointer;

  TableEntry(MetadataPointer pointer) {
    this.pointer = pointer;
  }

  /** What Athena takes without quotes: small letters, digits and underscores. */
  String name() {
    String name = pointer.stream().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    return name.substring(0, Math.min(name.length(), MAX_NAME));
  }

  /**
   * Whether a table of this name may be changed: it shows this archive, whoever made it. Someone
   * else's table is never touched.
   */
  boolean isOf(Table table) {
    String location = table.parameters().get(OURS);
    if (location != null) {
      return location.equals(pointer.location());
    }
    return ICEBERG.equalsIgnoreCase(table.parameters().get(TABLE_TYPE))
        && pointsTo(table).map(this::version).orElse(OptionalLong.empty()).isPresent();
  }

  static Optional<String> pointsTo(Table table) {
    return Optional.ofNullable(table.parameters().get(METADATA_LOCATION));
  }

  /** The version that a location of ours names; empty for any other location. */
  private OptionalLong version(String location) {
    String folder = pointer.location() + "/metadata/";
    if (!location.startsWith(folder)) {
      return OptionalLong.empty();
    }
    Matcher name = VERSION.matcher(location.substring(folder.length()));
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }

  /** Where it points to, if that is no metadata object of this archive. */
  Optional<String> foreign(Table table) {
    return pointsTo(table).filter(location -> version(location).isEmpty());
  }

  /** Whether it points to this version, or to one that another process committed since. */
  boolean isCurrent(Table table) {
    OptionalLong version = pointsTo(table).map(this::version).orElse(OptionalLong.empty());
    boolean same = pointer.tableUuid().toString().equals(table.parameters().get(UUID));
    return same && version.isPresent() && version.getAsLong() >= pointer.version();
  }

  /** The entry as it should be. */
  TableInput made() {
    return input(new HashMap<>()).build();
  }

  /** The same, with what else the table says. */
  TableInput changed(Table table) {
    Map<String, String> parameters = new HashMap<>(table.parameters());
    pointsTo(table).ifPresent(previous -> parameters.put(PREVIOUS_LOCATION, previous));
    return input(parameters)
        .description(table.description())
        .owner(table.owner())
        .retention(table.retention())
        .build();
  }

  private TableInput.Builder input(Map<String, String> parameters) {
    parameters.put("EXTERNAL", "TRUE");
    parameters.put(TABLE_TYPE, ICEBERG);
    parameters.put(METADATA_LOCATION, pointer.metadataLocation());
    parameters.put(OURS, pointer.location());
    parameters.put(UUID, pointer.tableUuid().toString());
    return TableInput.builder()
        .name(name())
        .tableType("EXTERNAL_TABLE")
        .parameters(parameters)
        .partitionKeys(List.of())
        .storageDescriptor(
            s -> s.location(pointer.location()).columns(GlueColumns.of(pointer.columns())));
  }
}
