package io.watershed.drillclient;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drill's errors for a person. Those of our plugin carry their code and their hint. */
final class DrillErrors {
  private static final Pattern KIND = Pattern.compile("^([A-Z_ ]+ ERROR): (.*)", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("(?m)^Code:? ([a-z-]{1,40})$");
  private static final Pattern HINT = Pattern.compile("(?m)^Hint:? (.{1,500})$");
  private static final int MAX_CHARS = 500;

  private DrillErrors() {}

  static WatershedException ofConnect(String url, SQLException e) {
    return new WatershedException(
        ErrorCode.UNREACHABLE,
        "Drill does not answer at " + url + ": " + firstLine(String.valueOf(e.getMessage())),
        "Check 'drillbits' in the part 'drill' of the configuration; 'watershed dev drill' starts"
            + " one on this machine.",
        e);
  }

  static WatershedException ofStatement(SQLException e) {
    String message = String.valueOf(e.getMessage());
    Matcher kind = KIND.matcher(message);
    String text = kind.find() ? kind.group(2) : message;
    Optional<ErrorCode> ours = code(message);
    Matcher hint = HINT.matcher(message);
    return new WatershedException(
        ours.orElse(ErrorCode.SQL),
        ours.isPresent() ? firstLine(text) : "Drill: " + firstLine(text),
        hint.find()
            ? hint.group(1).strip()
            : "Drill's own SQL reference is at https://drill.apache.org/docs/sql-reference;"
                + " docs/drill.md says what differs.",
        e);
  }

  private static Optional<ErrorCode> code(String message) {
    Matcher code = CODE.matcher(message);
    if (!code.find()) {
      return Optional.empty();
    }
    String name = code.group(1).toUpperCase(Locale.ROOT).replace('-', '_');
    for (ErrorCode known : ErrorCode.values()) {
      if (known.name().equals(name)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("it gave no reason");
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS) + "…";
  }
}
