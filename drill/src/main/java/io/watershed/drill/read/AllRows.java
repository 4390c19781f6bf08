package io.watershed.drill.read;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** The rows of several units, each opened when the one before is read. */
final class AllRows<T> implements Rows {
  private final Iterator<T> units;
  private final Function<T, Rows> open;
  private Rows current = Rows.none();

  AllRows(List<T> units, Function<T, Rows> open) {
    this.units = units.iterator();
    this.open = open;
  }

  @Override
  public boolean next(Row row) {
    while (!current.next(row)) {
      if (!units.hasNext()) {
        return false;
      }
      current.close();
      current = Rows.none();
      current = open.apply(units.next());
    }
    return true;
  }

  @Override
  public void close() {
    current.close();
  }
}
