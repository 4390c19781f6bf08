package io.watershed.query.view;

import io.watershed.core.record.SystemColumn;
import io.watershed.cut.CutFile;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which columns of data files the SQL of a view can read for a statement. */
final class FileColumns {
  /** Those that make up a record, for files that are decoded again. */
  static final Set<String> RECORD =
      SystemColumn.all().stream()
          .map(SystemColumn::columnName)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<SystemColumn> POSITION =
      EnumSet.of(
          SystemColumn.INCARNATION,
          SystemColumn.SHARD_ID,
          SystemColumn.SEQUENCE_NUMBER,
          SystemColumn.SUB_SEQUENCE_NUMBER);

  private FileColumns() {}

  /**
   * Names of top-level physical columns; empty for all.
   *
   * @param names names that the statement may read, in lower case; empty for all
   * @param payload physical payload columns behind these names
   */
  static Optional<Set<String>> read(
      Optional<Set<String>> names, Set<String> payload, List<CutFile> files) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Set<String> columns = new HashSet<>(payload);
    // Of a UNION ALL whose columns nobody reads, as for count(*), DuckDB reads the first.
    columns.add(SystemColumn.all().get(0).columnName());
    columns.add(SystemColumn.REPLAY_ID.columnName()); // hides kept copies
    for (SystemColumn column : SystemColumn.all()) {
      if (names.get().contains(column.columnName().toLowerCase(Locale.ROOT))) {
        columns.add(column.columnName());
      }
    }
    if (files.stream().anyMatch(CutFile::filtered)) {
      POSITION.forEach(column -> columns.add(column.columnName()));
    }
    return Optional.of(columns);
  }
}
