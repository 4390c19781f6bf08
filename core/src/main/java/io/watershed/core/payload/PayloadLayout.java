package io.watershed.core.payload;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a schema laid out flat: one slot for each column, a struct's slot directly before
 * those of its members. A struct's slot says whether the object is there; other slots hold values.
 *
 * @param schema the columns
 * @param slots the slots, by index
 */
public record PayloadLayout(PayloadSchema schema, List<Slot> slots) {
  /** The parent index of top-level columns. */
  public static final int NO_PARENT = -1;

  /**
   * One column's place.
   *
   * @param index the slot's number
   * @param column the column
   * @param path where its values are
   * @param parent the slot of the struct around it, or {@link #NO_PARENT}
   */
  public record Slot(int index, PayloadColumn column, PayloadPath path, int parent) {}

  public PayloadLayout {
    slots = List.copyOf(slots);
  }

  /** Lays out a schema. */
  public static PayloadLayout of(PayloadSchema schema) {
    List<Slot> slots = new ArrayList<>();
    addAll(slots, schema.columns(), PayloadPath.ROOT, NO_PARENT);
    return new PayloadLayout(schema, slots);
  }

  /** The number of slots. */
  public int size() {
    return slots.size();
  }

  private static void addAll(
      List<Slot> slots, List<PayloadColumn> columns, PayloadPath above, int parent) {
    for (PayloadColumn column : columns) {
      PayloadPath path = above.child(column.key());
      int index = slots.size();
      slots.add(new Slot(index, column, path, parent));
      addAll(slots, column.children(), path, index);
    }
  }
}
