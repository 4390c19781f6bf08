package io.watershed.hive;

import io.watershed.core.error.WatershedException;
import java.io.IOException;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.hadoop.hive.serde2.SerDeException;

/** Errors as Hive shows them: it prints the message of the innermost exception only. */
final class Failures {
  private Failures() {}

  static IOException forHive(WatershedException e) {
    return new IOException(text(e), e);
  }

  static MetaException forMetastore(WatershedException e) {
    return new MetaException(text(e));
  }

  static SerDeException forSerDe(WatershedException e) {
    return new SerDeException(text(e), e);
  }

  /** Code, sentence and hint in one line. */
  static String text(WatershedException e) {
    String hint = e.hint();
    return "watershed: "
        + e.code().text()
        + ": "
        + e.getMessage()
        + (hint.isEmpty() ? "" : " " + hint);
  }
}
