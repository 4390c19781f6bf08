package io.watershed.core.payload;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a shredder saw without a column. Notes of a payload count only when the payload was
 * understood to its end, so a broken one leaves no trace. Bounded.
 */
@SuppressWarnings("EnumOrdinal") // bits in memory; never stored
final class ObservationLog {
  private static final int SPARE_NODES = 1000;
  private static final ColumnType[] TYPES = ColumnType.values();
  private static final int IRREGULAR = 1 << TYPES.length;

  private final boolean on;
  private final int capacity;
  private final List<Observation> kept = new ArrayList<>();
  private final List<Note> pending = new ArrayList<>();
  private final List<PathNode> created = new ArrayList<>();
  private boolean more;
  private boolean pendingMore;

  private record Note(PathNode node, int bit) {}

  /**
   * @param capacity notes to keep
   */
  ObservationLog(int capacity) {
    this(true, capacity);
  }

  private ObservationLog(boolean on, int capacity) {
    this.on = on;
    this.capacity = capacity;
  }

  /** With room for what can become a column or a line in the footer. */
  static ObservationLog within(PayloadLayout layout, SchemaSettings settings) {
    int room =
        settings.declared().growing() ? Math.max(0, settings.maxColumns() - layout.size()) : 0;
    return new ObservationLog(2 * room + settings.maxUnlistedPaths());
  }

  /** Notes nothing. */
  static ObservationLog off() {
    return new ObservationLog(false, 0);
  }

  boolean isOn() {
    return on;
  }

  /** Whether a node may be made for a path that is new; if not, remembers that there was one. */
  boolean hasRoom() {
    if (kept.size() + pending.size() < capacity && created.size() < capacity + SPARE_NODES) {
      return true;
    }
    pendingMore = true;
    return false;
  }

  void created(PathNode node) {
    created.add(node);
  }

  void note(PathNode node, ColumnType type) {
    note(node, 1 << type.ordinal());
  }

  /** A value that no column can hold. */
  void noteIrregular(PathNode node) {
    note(node, IRREGULAR);
  }

  private void note(PathNode node, int bit) {
    if (!on || (node.noted & bit) != 0) {
      return;
    }
    if (kept.size() + pending.size() < capacity) {
      pending.add(new Note(node, bit));
    } else {
      pendingMore = true;
    }
  }

  /** A value whose path has no name. */
  void noteMore() {
    pendingMore = on;
  }

  /** Takes back what this payload noted at the node and below. */
  void takeBack(PathNode node) {
    pending.removeIf(note -> note.node.isWithin(node));
  }

  /** Before each payload: nothing of one that threw may count. */
  void begin() {
    if (!pending.isEmpty() || !created.isEmpty() || pendingMore) {
      forgetPayload();
    }
  }

  /** The payload was understood: its notes count. */
  void keep() {
    if (pending.isEmpty() && created.isEmpty() && !pendingMore) {
      return;
    }
    for (Note note : pending) {
      note.node.noted |= note.bit;
      kept.add(new Observation(note.node.path(), type(note.bit)));
    }
    more |= pendingMore;
    forgetPayload();
  }

  /** The payload was not understood: it said nothing. */
  void drop() {
    forgetPayload();
  }

  private void forgetPayload() {
    pending.clear();
    pendingMore = false;
    for (int i = created.size() - 1; i >= 0; i--) {
      created.get(i).removeIfIdle();
    }
    created.clear();
  }

  private static Optional<ColumnType> type(int bit) {
    return bit == IRREGULAR
        ? Optional.empty()
        : Optional.of(TYPES[Integer.numberOfTrailingZeros(bit)]);
  }

  Observations observations() {
    return new Observations(kept, more);
  }
}
