package io.watershed.core.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One path in a shredder's tree: the columns that hold its values, one a type, and the paths below.
 * Keeps the order in which keys came last time, so that the next record finds them without hashing.
 */
@SuppressWarnings("EnumOrdinal") // an array in place of a map on the hot path; never stored
final class PathNode {
  /** No column of that type, or none that is wanted. */
  static final int NO_SLOT = -1;

  /** The key that a replayed payload carries first: never a column (PROTOCOL 6.6). */
  private static final String ENVELOPE_KEY = "_watershed";

  final @Nullable PathNode parent;
  final String key;
  final int depth;

  /** Number of the payload that last had a value here. */
  long seenIn;

  /** What was noted here, as bits of {@link ObservationLog}. */
  int noted;

  /** Whether anything here or below is of interest. */
  boolean active;

  private final int[] slots = new int[ColumnType.values().length];
  private final Map<String, PathNode> children = new HashMap<>();
  private @Nullable PathNode firstChild;
  private @Nullable PathNode next;

  private PathNode(@Nullable PathNode parent, String key, boolean active) {
    this.parent = parent;
    this.key = key;
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.active = active;
    Arrays.fill(slots, NO_SLOT);
  }

  /**
   * The tree of a layout.
   *
   * @param wanted the slots to fill
   * @param observing whether paths without a column are of interest too
   */
  static PathNode tree(PayloadLayout layout, BitSet wanted, boolean observing) {
    PathNode root = new PathNode(null, "", true);
    List<PathNode> bySlot = new ArrayList<>();
    for (PayloadLayout.Slot slot : layout.slots()) {
      PathNode above = slot.parent() == PayloadLayout.NO_PARENT ? root : bySlot.get(slot.parent());
      PathNode node = above.children.get(slot.column().key());
      if (node == null) {
        node = above.add(slot.column().key(), observing);
      }
      bySlot.add(node);
      if (wanted.get(slot.index())) {
        node.slots[slot.column().type().ordinal()] = slot.index();
        node.activate();
      }
    }
    root.children.put(ENVELOPE_KEY, new PathNode(root, ENVELOPE_KEY, false));
    return root;
  }

  private void activate() {
    for (PathNode node = this; node != null; node = node.parent) {
      node.active = true;
    }
  }

  int slot(ColumnType type) {
    return slots[type.ordinal()];
  }

  /**
   * The child of that key, if there is one.
   *
   * @param previous the child that came before it in this object; null for the first
   */
  @Nullable PathNode child(String childKey, @Nullable PathNode previous) {
    PathNode guess = previous == null ? firstChild : previous.next;
    if (guess != null && guess.key.equals(childKey)) {
      return guess;
    }
    PathNode found = children.get(childKey);
    if (found != null) {
      if (previous == null) {
        firstChild = found;
      } else {
        previous.next = found;
      }
    }
    return found;
  }

  /** The child of that key, made if need be. */
  PathNode childOrNew(String childKey, boolean isActive) {
    PathNode found = children.get(childKey);
    return found == null ? add(childKey, isActive) : found;
  }

  PathNode add(String childKey, boolean isActive) {
    PathNode child = new PathNode(this, childKey, isActive);
    children.put(childKey, child);
    return child;
  }

  /** Removes a node that was made for a payload but has nothing to say. */
  void removeIfIdle() {
    PathNode above = parent;
    if (above == null || noted != 0 || !children.isEmpty()) {
      return;
    }
    above.children.remove(key);
    above.firstChild = null;
    for (PathNode sibling : above.children.values()) {
      sibling.next = null;
    }
  }

  /** Undoes what the payload put here and below: its key came again. */
  void clear(PayloadRow row) {
    seenIn = 0;
    for (int slot : slots) {
      if (slot != NO_SLOT) {
        row.clear(slot);
      }
    }
    for (PathNode child : children.values()) {
      if (child.seenIn == row.number()) {
        child.clear(row);
      }
    }
  }

  boolean isWithin(PathNode other) {
    for (PathNode node = this; node != null; node = node.parent) {
      if (node == other) {
        return true;
      }
    }
    return false;
  }

  PayloadPath path() {
    List<String> keys = new ArrayList<>();
    for (PathNode node = this; node.parent != null; node = node.parent) {
      keys.add(node.key);
    }
    Collections.reverse(keys);
    return new PayloadPath(keys);
  }
}
