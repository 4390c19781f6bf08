package io.watershed.archive.verify;

/** Hears how far a verification is. Called by one thread. */
@FunctionalInterface
public interface VerifyListener {
  /** Hears nothing. */
  VerifyListener NONE = progress -> {};

  /** Called after each file, and after each read of a stream. */
  void progress(Progress progress);

  /** What is being done. */
  enum Phase {
    /** Footers are read; counted in files. */
    FOOTERS,
    /** Rows are read; counted in bytes of files. */
    ROWS,
    /** The stream is read; counted in records, and nobody knows how many there are. */
    STREAM
  }

  /**
   * How far it is.
   *
   * @param phase what is being done
   * @param done files, bytes or records that are done
   * @param all of how many; 0 if unknown
   */
  record Progress(Phase phase, long done, long all) {}
}
