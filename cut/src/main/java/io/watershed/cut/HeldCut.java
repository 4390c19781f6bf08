package io.watershed.cut;

import java.util.function.Supplier;

/**
 * A statement's part in a cut whose live records are in memory, perhaps together with other
 * statements'. The records count against {@link LiveMemory} until every one of them has called
 * {@link #releaseRecords}; close it when the statement ends. Used by one thread at a time.
 */
public final class HeldCut implements AutoCloseable {
  private final ResolvedStream stream;
  private final SharedCut shared;
  private boolean recordsReleased;
  private boolean closed;

  HeldCut(ResolvedStream stream, SharedCut shared) {
    this.stream = stream;
    this.shared = shared;
  }

  /** The cut; whoever keeps it after {@link #releaseRecords} keeps what nobody counts. */
  public ResolvedStream stream() {
    return stream;
  }

  /**
   * What all statements of this cut share beside it, made when the first one asks, and closed when
   * the last one is.
   */
  public AutoCloseable shared(Supplier<? extends AutoCloseable> maker) {
    return shared.attachment(maker);
  }

  /** The statement has what it needs of the records. */
  public void releaseRecords() {
    if (!recordsReleased) {
      recordsReleased = true;
      shared.releaseRecords();
    }
  }

  @Override
  public void close() {
    releaseRecords();
    if (!closed) {
      closed = true;
      shared.leave();
    }
  }
}
