package io.watershed.query;

import io.watershed.core.config.TimeText;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** What {@code --as-of} names: a receipt or a time. No text is both. */
public final class AsOfText {
  /** As ids are printed and found; a time has a character that is none of these, or is shorter. */
  private static final Pattern RECEIPT_ID = Pattern.compile("[0-9a-f]{8,64}");

  private AsOfText() {}

  /**
   * Eight or more hexadecimal digits, or JSON, are a receipt; everything else is a time, see {@link
   * TimeText}.
   *
   * @throws WatershedException {@code usage}
   */
  public static AsOf parse(String text, InstantSource clock) {
    String stripped = text.strip();
    if (stripped.startsWith("{") || RECEIPT_ID.matcher(stripped).matches()) {
      return AsOf.receipt(stripped);
    }
    try {
      return AsOf.time(TimeText.parse(stripped, clock));
    } catch (WatershedException e) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "'" + text + "' is neither a receipt nor a time",
          "A receipt is the 12 hexadecimal digits under a result, or its body; a time is RFC 3339"
              + " (2026-11-23T10:00:00Z), a date in UTC (2026-11-23), or how long ago (2h).",
          e);
    }
  }
}
