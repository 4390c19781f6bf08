package io.watershed.query.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One row of the table of escapes, {@code escapes.txt}.
 *
 * @param alone what the locked database does with it when there is no gate
 * @param text the statement, with places for the test's folder, file and server
 */
public record Escape(Alone alone, String text) {
  private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");

  /** What happens without the gate. */
  public enum Alone {
    STOPPED,
    TELLS,
    HARMLESS,
    UNTRIED
  }

  /** All rows. */
  public static List<Escape> all() {
    try (InputStream in = Escape.class.getResourceAsStream("/io/watershed/query/escapes.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Escape::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Escape parse(String line) {
    int space = line.indexOf(' ');
    Alone alone = Alone.valueOf(line.substring(0, space).toUpperCase(Locale.ROOT));
    return new Escape(alone, line.substring(space + 1));
  }

  /**
   * The statement.
   *
   * @param dir for {@code {dir}}
   * @param data for {@code {data}}
   * @param url for {@code {url}}
   */
  public String sql(Object dir, Object data, Object url) {
    String sql =
        text.replace("{dir}", dir.toString())
            .replace("{data}", data.toString())
            .replace("{url}", url.toString())
            .replace("\\n", "\n")
            .replace("\\t", "\t");
    return UNICODE
        .matcher(sql)
        .replaceAll(hex -> String.valueOf((char) Integer.parseInt(hex.group(1), 16)));
  }
}
