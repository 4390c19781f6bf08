package io.watershed.query.view;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.SystemColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Data files of one condition as few SELECTs of all columns. Files that have every column which the
 * statement reads are read as they are, those with the same columns together; the others by name,
 * behind a file that has every column at its type. Not thread-safe.
 */
final class FileParts {
  /** More kinds of files than this are read by name: a UNION of many parts is planned slowly. */
  private static final int MAX_PARTS = 8;

  private final PayloadSchema physical;
  private final Set<String> read;
  private final Map<Set<String>, List<Path>> alike = new LinkedHashMap<>();
  private final List<Path> byName = new ArrayList<>();

  /** Columns whose members cannot be read one by one in the files that are read by name. */
  private final Set<String> grown = new TreeSet<>();

  /**
   * @param read names of top-level payload columns that the statement reads
   */
  FileParts(PayloadSchema physical, Set<String> read) {
    this.physical = physical;
    this.read = read;
  }

  /**
   * Adds a file.
   *
   * @param columns as {@link io.watershed.reservoir.table.DataFileInfo#columns}
   */
  void add(Path file, Set<String> columns) {
    boolean known = alike.containsKey(columns);
    if (known || (alike.size() < MAX_PARTS && hasWhatIsRead(columns))) {
      alike.computeIfAbsent(columns, any -> new ArrayList<>()).add(file);
    } else {
      byName.add(file);
      physical.columns().stream()
          .filter(column -> read.contains(column.name()) && grewInside(columns, column))
          .forEach(column -> grown.add(column.name()));
    }
  }

  private boolean hasWhatIsRead(Set<String> columns) {
    return SystemColumn.all().stream().allMatch(column -> columns.contains(column.columnName()))
        && physical.columns().stream()
            .filter(column -> read.contains(column.name()))
            .allMatch(column -> hasWhole(columns, column, column.name()));
  }

  /** Whether the file has a struct, but less than its schema of a struct within that. */
  private static boolean grewInside(Set<String> columns, PayloadColumn column) {
    String prefix = column.name() + ".";
    return column.type() == ColumnType.STRUCT
        && columns.stream().anyMatch(path -> path.startsWith(prefix))
        && column.children().stream()
            .filter(child -> child.type() == ColumnType.STRUCT)
            .anyMatch(child -> !hasWhole(columns, child, prefix + child.name()));
  }

  /** Whether the file has all leaves of a column: a struct may have grown since. */
  private static boolean hasWhole(Set<String> columns, PayloadColumn column, String path) {
    return column.type() == ColumnType.STRUCT
        ? !column.children().isEmpty()
            && column.children().stream()
                .allMatch(child -> hasWhole(columns, child, path + "." + child.name()))
        : columns.contains(path);
  }

  /**
   * The SELECTs.
   *
   * @param everyColumn makes an empty file that has every column at its type
   */
  List<String> selects(Supplier<Path> everyColumn) {
    List<String> selects = new ArrayList<>();
    alike.forEach((columns, files) -> selects.add(select(columns, files)));
    if (!byName.isEmpty()) {
      List<Path> files = new ArrayList<>(List.of(everyColumn.get()));
      files.addAll(byName);
      selects.add(
          "SELECT "
              + PhysicalSql.columns(physical)
              + " FROM "
              + PhysicalSql.readWhole(PhysicalSql.readParquet(files), grown));
    }
    return selects;
  }

  private String select(Set<String> columns, List<Path> files) {
    Set<String> whole = new HashSet<>();
    SystemColumn.all().forEach(column -> whole.add(column.columnName()));
    for (PayloadColumn column : physical.columns()) {
      if (hasWhole(columns, column, column.name())) {
        whole.add(column.name());
      }
    }
    return PhysicalSql.select(physical, whole::contains, PhysicalSql.readAlike(files));
  }
}
