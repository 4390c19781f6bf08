package io.watershed.cut;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether a statement reads what is not archived yet from the stream (PROTOCOL 5.5). */
public enum LiveMode {
  /** Read it if the stream can be reached; otherwise answer from the archive and say so. */
  AUTO,
  /** Read it, or fail. */
  REQUIRE,
  /** Answer from the archive alone: the cut ends at the checkpoints. */
  OFF;

  /** How a person writes them. */
  public static List<String> words() {
    return Arrays.stream(values()).map(LiveMode::word).toList();
  }

  /** How a person writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what a person writes, in any case.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static LiveMode parse(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.word().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INVALID_INPUT,
                    "live '" + text + "' is none of " + String.join(", ", words()),
                    "auto reads what is not archived yet if the stream can be reached, require"
                        + " fails if it cannot, off asks the archive alone."));
  }
}
