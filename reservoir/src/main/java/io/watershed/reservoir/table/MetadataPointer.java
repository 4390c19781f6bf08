package io.watershed.reservoir.table;

import java.util.List;
import java.util.UUID;

/**
 * One version of a table, as a catalog points to it.
 *
 * @param stream the stream's name in the reservoir
 * @param tableUuid the table's identity: one that was dropped and made again has another
 * @param location of the table, such as {@code s3://bucket/prefix/orders}
 * @param version N of {@code v<N>.metadata.json}; grows with each commit
 * @param metadataLocation of that object
 * @param columns its columns
 */
public record MetadataPointer(
    String stream,
    UUID tableUuid,
    String location,
    long version,
    String metadataLocation,
    List<ColumnType> columns) {
  public MetadataPointer {
    columns = List.copyOf(columns);
  }
}
