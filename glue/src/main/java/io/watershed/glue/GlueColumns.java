package io.watershed.glue;

import io.watershed.reservoir.table.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.glue.model.Column;

/**
 * A table's columns as those that Glue's console and Lake Formation show. Engines take the columns
 * from the metadata object itself, so one whose name Glue does not take is left out here and is
 * there all the same.
 */
final class GlueColumns {
  /** Glue's own bounds of a name: one line of 1 to 255 characters. */
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,255}");

  private GlueColumns() {}

  static List<Column> of(List<ColumnType> schema) {
    List<Column> columns = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ColumnType field : schema) {
      boolean fits = NAME.matcher(field.name()).matches();
      if (fits && taken.add(field.name().toLowerCase(Locale.ROOT))) {
        columns.add(
            Column.builder()
                .name(field.name())
                .type(field.hiveType())
                .parameters(
                    Map.of(
                        "iceberg.field.id",
                        String.valueOf(field.id()),
                        "iceberg.field.optional",
                        String.valueOf(field.isOptional()),
                        "iceberg.field.current",
                        "true"))
                .build());
      }
    }
    return columns;
  }
}
