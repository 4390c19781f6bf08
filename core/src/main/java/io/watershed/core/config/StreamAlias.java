package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule for a stream's name in the reservoir and in SQL.
 *
 * <p>An alias is a Kinesis stream name: letters, digits, {@code _}, {@code -} and {@code .}, up to
 * 128 characters. In SQL, {@code -} and {@code .} become {@code _}, and a leading digit gets a
 * {@code _} in front, so that nothing needs quotes. Case does not tell two streams apart.
 */
public final class StreamAlias {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  private StreamAlias() {}

  /**
   * Checks that the text can be an alias.
   *
   * @throws WatershedException {@code invalid-input}
   */
  public static String check(String text) {
    if (!FORM.matcher(text).matches() || text.contains("..")) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not a stream name",
          "Stream names are letters, digits, '_', '-' and '.', up to 128 of them.");
    }
    return text;
  }

  /** The view's name in SQL. */
  public static String sqlName(String alias) {
    String name = alias.replace('-', '_').replace('.', '_');
    return Character.isDigit(name.charAt(0)) ? "_" + name : name;
  }

  /** The name that two streams must not share: with it, one stream's views hide the other's. */
  static String unique(String alias) {
    return sqlName(alias).toLowerCase(Locale.ROOT);
  }

  /** Why the alias cannot be used in SQL; empty if it can. */
  static Optional<String> reserved(String alias) {
    String name = unique(alias);
    if (name.equals("watershed") || name.equals("receipts") || name.equals("ledger")) {
      return Optional.of("'" + alias + "' names a part of the reservoir itself");
    }
    if (name.endsWith("_archive") || name.endsWith("_live") || name.endsWith("_copies")) {
      return Optional.of(
          "'" + alias + "' ends like the archive, the live side or the copies of another stream");
    }
    return Optional.empty();
  }
}
