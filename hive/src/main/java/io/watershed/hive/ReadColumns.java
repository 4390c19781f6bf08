package io.watershed.hive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SystemColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.serde2.ColumnProjectionUtils;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;

/**
 * A table's columns as Hive has them, and those that a scan reads.
 *
 * @param names in order
 * @param types of these
 * @param read indices of what the scan reads
 */
record ReadColumns(List<String> names, List<TypeInfo> types, List<Integer> read) {
  /** Names of a table's columns, in a job. */
  static final String NAMES = "watershed.columns";

  /** Types of a table's columns, in a job. */
  static final String TYPES = "watershed.columns.types";

  /** Separates names: none holds it. */
  private static final char BETWEEN = ',';

  ReadColumns {
    names = List.copyOf(names);
    types = List.copyOf(types);
    read = List.copyOf(read);
    if (names.size() != types.size()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "Hive names " + names.size() + " columns and " + types.size() + " types",
          "Names of columns may hold no comma.");
    }
  }

  /** All of a table's columns, checked as far as the stream's own are concerned. */
  static ReadColumns all(String names, String types) {
    List<String> split =
        names.isEmpty() ? List.of() : List.of(names.split(String.valueOf(BETWEEN)));
    List<TypeInfo> parsed = new ArrayList<>(TypeInfoUtils.getTypeInfosFromTypeString(types));
    List<Integer> every = new ArrayList<>();
    for (int i = 0; i < split.size(); i++) {
      every.add(i);
    }
    ReadColumns all = new ReadColumns(split, parsed, every);
    all.checkSystemColumns();
    return all;
  }

  /** What a scan reads, by its job. */
  static ReadColumns of(Configuration job) {
    ReadColumns all = all(job.get(NAMES, ""), job.get(TYPES, ""));
    if (ColumnProjectionUtils.isReadAllColumns(job)) {
      return all;
    }
    List<Integer> read =
        ColumnProjectionUtils.getReadColumnIDs(job).stream()
            .filter(index -> index < all.names().size())
            .distinct()
            .toList();
    return new ReadColumns(all.names(), all.types(), read);
  }

  private void checkSystemColumns() {
    for (SystemColumn column : SystemColumn.all()) {
      int index = index(column.columnName()).orElse(-1);
      if (index >= 0 && !types.get(index).equals(HiveColumns.type(column))) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "the column "
                + column.columnName()
                + " is declared as "
                + types.get(index).getTypeName(),
            "It is " + HiveColumns.type(column).getTypeName() + ".");
      }
    }
  }

  private Optional<Integer> index(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }
}
