package io.watershed.core.payload;

import java.util.ArrayList;
import java.util.List;

/**
 * The place of a value inside a JSON object: the keys from the top.
 *
 * @param keys object keys, outermost first; empty for the whole payload
 */
public record PayloadPath(List<String> keys) {
  /** The whole payload. */
  public static final PayloadPath ROOT = new PayloadPath(List.of());

  private static final int MAX_KEY_CHARS_IN_TEXT = 128;

  public PayloadPath {
    keys = List.copyOf(keys);
  }

  /** The path of these keys. */
  public static PayloadPath of(String... keys) {
    return new PayloadPath(List.of(keys));
  }

  /** One step down. */
  public PayloadPath child(String key) {
    List<String> longer = new ArrayList<>(keys);
    longer.add(key);
    return new PayloadPath(longer);
  }

  /** One step up; the root has no parent. */
  public PayloadPath parent() {
    return new PayloadPath(keys.subList(0, keys.size() - 1));
  }

  /**
   * The path as text in the manner of RFC 9535: {@code $.customer.city}, and {@code $['zip code']}
   * for keys that are no plain ASCII names. Printable ASCII only; long keys are cut, so two paths
   * can share a text, and a text never becomes a path again.
   */
  public String text() {
    StringBuilder text = new StringBuilder("$");
    for (String key : keys) {
      if (isPlain(key)) {
        text.append('.').append(key);
      } else {
        appendQuoted(text.append("['"), key).append("']");
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }

  private static boolean isPlain(String key) {
    if (key.isEmpty() || key.length() > MAX_KEY_CHARS_IN_TEXT || isDigit(key.charAt(0))) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (!(isDigit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static StringBuilder appendQuoted(StringBuilder text, String key) {
    int shown = Math.min(key.length(), MAX_KEY_CHARS_IN_TEXT);
    for (int i = 0; i < shown; i++) {
      char c = key.charAt(i);
      if (c == '\'' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || c > 0x7e) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    return shown < key.length() ? text.append("...") : text;
  }
}
