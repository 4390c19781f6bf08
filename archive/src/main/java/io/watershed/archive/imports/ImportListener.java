package io.watershed.archive.imports;

/** Hears how far an import is. Called by one thread. */
@FunctionalInterface
public interface ImportListener {
  /** Hears nothing. */
  ImportListener NONE = (objects, bytes, rows) -> {};

  /** So many objects, bytes of them, and records are done; the last ones may not be committed. */
  void progress(long objects, long bytes, long rows);
}
