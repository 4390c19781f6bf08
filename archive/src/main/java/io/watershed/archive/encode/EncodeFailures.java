package io.watershed.archive.encode;

import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Failures of encoding as errors for a person; never with a word of a payload. */
final class EncodeFailures {
  private static final String IO_ERROR = "IO Error:";
  private static final String OUT_OF_MEMORY = "Out of Memory Error:";

  private EncodeFailures() {}

  static WatershedException writing(Path file, IOException cause) {
    return notWritten(file, String.valueOf(cause.getMessage()), cause);
  }

  static WatershedException needsMemory(Path file, int neededMib, DuckDbSettings database) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "Encoding "
            + file
            + " may take "
            + neededMib
            + " MiB of memory; the encoder has "
            + (database.memoryLimitBytes() >> 20)
            + " MiB",
        "Raise the encoder's memory limit, or lower its row group bytes.");
  }

  static WatershedException interrupted(Path file) {
    return new WatershedException(
        ErrorCode.CANCELLED, "Stopped before " + file + " was encoded", "Nothing was archived.");
  }

  static WatershedException copying(Path file, SQLException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.startsWith(OUT_OF_MEMORY)) {
      return new WatershedException(
          ErrorCode.LIMIT,
          "The encoder's memory limit does not suffice to write " + file,
          "Raise the encoder's memory limit, or commit smaller files.",
          cause);
    }
    if (message.startsWith(IO_ERROR)) {
      return notWritten(file, firstLine(message.substring(IO_ERROR.length())), cause);
    }
    // DuckDB's other messages can quote values.
    return new WatershedException(
        ErrorCode.INTERNAL,
        "DuckDB cannot write " + file,
        "Please report this with the version; the records stay in the stream.",
        cause);
  }

  private static WatershedException notWritten(Path file, String why, Exception cause) {
    return new WatershedException(
        ErrorCode.STORE,
        "The data file " + file + " cannot be written: " + why.strip(),
        "Check that the folder exists, may be written, and that its disk is not full.",
        cause);
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }
}
