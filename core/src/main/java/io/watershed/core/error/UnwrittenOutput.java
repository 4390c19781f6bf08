package io.watershed.core.error;

import java.io.IOException;

/**
 * What it means that output could not be written: the disk is full, say, or a pipe's reader is
 * gone, which is its good right.
 */
public final class UnwrittenOutput {
  private static final String READER_IS_GONE = "Broken pipe";

  private UnwrittenOutput() {}

  /** The error for a person, {@code output}. */
  public static WatershedException error(IOException thrown) {
    return new WatershedException(
        ErrorCode.OUTPUT,
        "the output could not be written: " + reason(thrown),
        "What was written is not complete. Make room there, or write to another place, and run it"
            + " again.",
        thrown);
  }

  private static String reason(IOException thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  /** Whether a pipe's reader went away, as {@code head} does: nobody waits for an error then. */
  public static boolean isReaderGone(IOException thrown) {
    return String.valueOf(thrown.getMessage()).contains(READER_IS_GONE);
  }

  /** Whether a command ends with this because its reader went away. */
  public static boolean isReaderGone(WatershedException ending) {
    Throwable cause = ending;
    while (cause instanceof WatershedException known && known.code() == ErrorCode.OUTPUT) {
      cause = known.getCause();
    }
    return cause instanceof IOException thrown && isReaderGone(thrown);
  }
}
