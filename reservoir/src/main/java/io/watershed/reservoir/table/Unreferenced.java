package io.watershed.reservoir.table;

import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.util.List;

/**
 * Objects of a table that no reader and no writer can need any more.
 *
 * @param removable may be deleted now, one at a time: {@link ArchiveTable#remove}
 * @param afterFence files of a writer that died, or sleeps: may be deleted once {@link
 *     ArchiveTable#fenceAll} was committed and {@link ArchiveTable#unreferenced} finds them again
 * @param complete false if there were more than the scan's bound
 */
public record Unreferenced(
    List<ObjectInfo> removable, List<ObjectInfo> afterFence, boolean complete) {
  /** There are none. */
  public static final Unreferenced NONE = new Unreferenced(List.of(), List.of(), true);

  public Unreferenced {
    removable = List.copyOf(removable);
    afterFence = List.copyOf(afterFence);
  }

  /** Bytes of all of them. */
  public long bytes() {
    return removable.stream().mapToLong(ObjectInfo::sizeBytes).sum()
        + afterFence.stream().mapToLong(ObjectInfo::sizeBytes).sum();
  }
}
