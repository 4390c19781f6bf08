package io.watershed.archive.maintain;

/** Hears what maintenance does, as it does it. Called on the thread that maintains. */
@FunctionalInterface
public interface MaintenanceListener {
  /** Hears nothing. */
  MaintenanceListener NONE = (step, done, of) -> {};

  /**
   * Progress of one kind of work.
   *
   * @param step what is done, a few words
   * @param done so many are done
   * @param of so many there are
   */
  void progress(String step, long done, long of);
}
