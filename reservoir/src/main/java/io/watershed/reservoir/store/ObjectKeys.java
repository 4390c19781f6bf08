package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.regex.Pattern;

/**
 * Which keys are allowed: {@code /}-separated segments of letters, digits and {@code _.=@+-}, none
 * empty, {@code .} or {@code ..}. They mean the same on S3, on every file system and in a URI.
 */
public final class ObjectKeys {
  /** S3 allows 1,024 bytes for the whole key; this leaves room for the reservoir's prefix. */
  public static final int MAX_LENGTH = 800;

  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.=@+-]{1,255}");

  private ObjectKeys() {}

  /**
   * Returns the key if it is allowed.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static String check(String key) {
    if (key.length() > MAX_LENGTH) {
      throw invalid(key.substring(0, 80) + "…", "it is longer than " + MAX_LENGTH + " characters");
    }
    for (String segment : key.split("/", -1)) {
      if (!isSegment(segment)) {
        throw invalid(key, "'" + segment + "' is no valid part of it");
      }
    }
    return key;
  }

  /** Returns the prefix if it is empty or the start of an allowed key. */
  public static String checkPrefix(String prefix) {
    if (!prefix.isEmpty()) {
      check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
    }
    return prefix;
  }

  /** Whether the text can be one segment of a key, such as a stream's name. */
  public static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }

  private static WatershedException invalid(String key, String why) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT,
        "'" + key + "' is not a key in a reservoir: " + why,
        "Use letters, digits and _ . = @ + - between single slashes.");
  }
}
