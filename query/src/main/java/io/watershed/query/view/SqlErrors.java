package io.watershed.query.view;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** DuckDB's messages for a person: without positions in SQL of ours, local paths, or values. */
public final class SqlErrors {
  private static final Pattern KIND =
      Pattern.compile("^(?:java\\.sql\\.SQLException: )?([A-Z][A-Za-z /-]*?) Error: ");
  private static final Pattern LINE = Pattern.compile("\\n+LINE \\d+:[\\s\\S]*$");

  /** Up to the last quote: a value may hold quotes, and nothing says where it ends. */
  private static final Pattern QUOTED_VALUE =
      Pattern.compile("['\"](?:.*['\"]|.*)", Pattern.DOTALL);

  private static final Pattern PATH = Pattern.compile("(?:/[^\\s'\":,]+)+\\.parquet");
  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\n\\s*");
  private static final String SPILL_LIMIT = "max_temp_directory_size";
  private static final Pattern LIMIT = Pattern.compile("/([0-9.]+ [KMGT]?i?B) used");

  /** What DuckDB says of a Parquet file with damaged or missing bytes (seen with 2.0.0.1). */
  private static final Pattern BROKEN_FILE =
      Pattern.compile(
          "TProtocolException|don't know what type|[Dd]ecompression failure|No magic bytes"
              + "|Could not read enough bytes from file|Failed to read file");

  private static final int MAX_CHARS = 600;

  private SqlErrors() {}

  /** An error of the user's statement. */
  public static WatershedException ofStatement(SQLException thrown) {
    String message = String.valueOf(thrown.getMessage());
    Matcher matcher = KIND.matcher(message);
    String kind = matcher.find() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    String text = clean(matcher.replaceFirst(""));
    if (BROKEN_FILE.matcher(text).find()) {
      return brokenFile(text, thrown);
    }
    if (text.startsWith("Deprecated lambda arrow")) {
      return new WatershedException(
          ErrorCode.SQL,
          "the arrow of a lambda (x -> x + 1) is not supported",
          "Write it as lambda x: x + 1.",
          thrown);
    }
    return switch (kind) {
      case "out of memory" ->
          text.contains(SPILL_LIMIT)
              ? new WatershedException(
                  ErrorCode.LIMIT,
                  "the statement needs more temporary disk space than it may use: sql_spill"
                      + limit(message),
                  "Filter earlier, sort or group less, or raise sql_spill or sql_memory.",
                  thrown)
              : new WatershedException(
                  ErrorCode.LIMIT,
                  "the statement needs more memory than it may use: sql_memory" + limit(message),
                  "Select fewer columns, filter earlier, or raise sql_memory.",
                  thrown);
      // These quote the value that does not fit: values are payloads.
      case "conversion", "out of range", "invalid input" ->
          new WatershedException(
              ErrorCode.SQL,
              shortened(QUOTED_VALUE.matcher(text).replaceAll("'…'")),
              "TRY_CAST or a WHERE condition lets the other rows pass.",
              thrown);
      case "catalog", "binder" ->
          new WatershedException(
              ErrorCode.SQL,
              shortened(text),
              "DESCRIBE <stream> lists the columns of a stream.",
              thrown);
      case "permission" ->
          new WatershedException(
              ErrorCode.SQL,
              "the statement reaches outside the view",
              "Name streams only.",
              thrown);
      default -> new WatershedException(ErrorCode.SQL, shortened(text), "", thrown);
    };
  }

  private static String limit(String message) {
    Matcher limit = LIMIT.matcher(message);
    return limit.find() ? " is " + limit.group(1) : "";
  }

  private static WatershedException brokenFile(String text, SQLException thrown) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "a data file cannot be decoded: " + shortened(text),
        "Run 'watershed verify --deep'. If it finds nothing, a local copy of a file is damaged:"
            + " delete the folder 'files' in the cache folder, and ask again.",
        thrown);
  }

  /** An error of SQL that is ours. */
  static WatershedException internal(SQLException thrown) {
    String text = clean(String.valueOf(thrown.getMessage()));
    if (BROKEN_FILE.matcher(text).find()) {
      return brokenFile(text, thrown);
    }
    return new WatershedException(
        ErrorCode.INTERNAL,
        "the view cannot be built: " + shortened(text),
        "This is a defect unless a data file is broken: run 'watershed verify'.",
        thrown);
  }

  private static String clean(String message) {
    String text = PATH.matcher(LINE.matcher(message).replaceFirst("")).replaceAll("<data file>");
    return LINE_BREAKS.matcher(text.strip()).replaceAll(" ");
  }

  /** Values are taken out before: half a quoted one would not be found. */
  private static String shortened(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
  }
}
