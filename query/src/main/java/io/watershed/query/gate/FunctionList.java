package io.watershed.query.gate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The reviewed lists of DuckDB's functions, kept as resources beside this class. */
final class FunctionList {
  static final Set<String> ALLOWED = load("functions-allowed.txt");
  static final Set<String> REFUSED = load("functions-refused.txt");

  /** Table functions that only compute: everything else reads files, settings or the catalog. */
  static final Set<String> TABLE_FUNCTIONS =
      Set.of("range", "generate_series", "unnest", "json_each");

  private FunctionList() {}

  private static Set<String> load(String resource) {
    try (InputStream in = FunctionList.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the build lacks " + resource);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("# "))
          .map(line -> line.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
