package io.watershed.core.payload;

import io.watershed.core.config.DeclaredColumn;
import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One line of UTF-8 CSV a payload (<a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>),
 * without a header: the first field belongs to the first declared column, and so on. So the
 * declared columns may grow at their end, and never change their order.
 */
final class CsvFormat implements PayloadFormat {
  static final String NAME = "csv";

  private final DeclaredSchema declared;
  private final char delimiter;

  /**
   * @param declared top-level columns in the order of the fields
   * @param delimiter an ASCII character between two fields
   */
  CsvFormat(DeclaredSchema declared, char delimiter) {
    this.declared = declared;
    this.delimiter = delimiter;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return bounds.withDeclared(declared);
  }

  /**
   * As for every format.
   *
   * @throws WatershedException {@code config} if the declared columns are in another order than
   *     those that the table has
   */
  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    checkOrder(layout);
    BitSet all = new BitSet(layout.size());
    all.set(0, layout.size());
    // A field has its declared type or is text.
    int notes = declared.columns().size() + settings.maxUnlistedPaths();
    return new CsvShredder(
        layout, all, new ObservationLog(notes), declared.columns(), (byte) delimiter);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new CsvShredder(
        layout, wanted, ObservationLog.off(), declared.columns(), (byte) delimiter);
  }

  /** A field's place is its only name, so another order would put values under wrong names. */
  private void checkOrder(PayloadLayout layout) {
    List<String> names = declared.columns().stream().map(CsvFormat::key).toList();
    List<String> present = new ArrayList<>();
    for (PayloadColumn column : layout.schema().columns()) {
      if (names.contains(column.key()) && !present.contains(column.key())) {
        present.add(column.key());
      }
    }
    if (!names.subList(0, present.size()).equals(present)) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the declared columns "
              + names
              + " do not begin with those that the table has: "
              + present,
          "CSV fields have no names but their place. Keep 'columns' in the table's order and add"
              + " new ones at the end, or archive under another alias.");
    }
  }

  static String key(DeclaredColumn column) {
    return column.path().get(0);
  }
}
