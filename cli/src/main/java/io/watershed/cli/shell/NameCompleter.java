package io.watershed.cli.shell;

import io.watershed.cli.sql.BackslashCommands;
import io.watershed.cli.sql.ScriptReader;
import io.watershed.cut.LiveMode;
import io.watershed.query.Catalog;
import io.watershed.query.ResultColumn;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Offers tables, columns of the tables that the statement names, keywords, and backslash commands
 * with their words. A prefix is compared without its case. Names with control characters are not
 * offered: payloads make columns, and a terminal must not be driven by them.
 */
final class NameCompleter implements Completer {
  private static final List<String> KEYWORDS =
      List.of(
          "ALL",
          "AND",
          "AS",
          "ASC",
          "BETWEEN",
          "BY",
          "CASE",
          "CAST",
          "CROSS",
          "DESC",
          "DESCRIBE",
          "DISTINCT",
          "ELSE",
          "END",
          "EXCEPT",
          "EXCLUDE",
          "EXISTS",
          "FILTER",
          "FROM",
          "FULL",
          "GROUP",
          "HAVING",
          "ILIKE",
          "IN",
          "INNER",
          "INTERSECT",
          "INTERVAL",
          "IS",
          "JOIN",
          "LEFT",
          "LIKE",
          "LIMIT",
          "NOT",
          "NULL",
          "OFFSET",
          "ON",
          "OR",
          "ORDER",
          "OUTER",
          "OVER",
          "PARTITION",
          "QUALIFY",
          "RIGHT",
          "SELECT",
          "SUMMARIZE",
          "THEN",
          "TRY_CAST",
          "UNION",
          "USING",
          "VALUES",
          "WHEN",
          "WHERE",
          "WITH");
  private static final Pattern BEFORE_TABLE =
      Pattern.compile("(?is).*\\b(from|join|describe|summarize|\\\\d)\\s+([\\w\".]+\\s*,\\s*)*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*|\"[^\"]+\"");
  private static final List<String> FORMATS = List.of("table", "json", "ndjson", "csv");

  private final Catalog catalog;

  NameCompleter(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String before = line.line().substring(0, line.cursor() - line.word().length());
    Set<String> offered = new LinkedHashSet<>();
    if ((before + line.word()).stripLeading().startsWith(String.valueOf(ScriptReader.COMMAND))) {
      offered.addAll(commandWords(before));
    } else if (BEFORE_TABLE.matcher(before).matches()) {
      offered.addAll(catalog.tables());
    } else {
      offered.addAll(columns(line.line(), line.word()));
      offered.addAll(catalog.tables());
      offered.addAll(keywords(line.word()));
    }
    String prefix = line.word().toLowerCase(Locale.ROOT);
    for (String word : offered) {
      if (word.toLowerCase(Locale.ROOT).startsWith(prefix)
          && word.chars().noneMatch(Character::isISOControl)) {
        candidates.add(new Candidate(word, word, null, null, null, null, !word.endsWith(".")));
      }
    }
  }

  private List<String> commandWords(String before) {
    String command = before.strip();
    if (command.isEmpty()) {
      return Arrays.stream(BackslashCommands.Name.values())
          .map(BackslashCommands.Name::text)
          .toList();
    }
    return switch (command) {
      case "\\d" -> catalog.tables();
      case "\\o" -> FORMATS;
      case "\\live" -> LiveMode.words();
      case "\\as-of" -> List.of("off");
      case "\\export" -> List.of("--overwrite");
      default -> List.of();
    };
  }

  /** Of the tables that the text names, wherever it does; with the word's own qualifier. */
  private Set<String> columns(String text, String word) {
    int dot = word.lastIndexOf('.');
    String qualifier = dot < 0 ? "" : word.substring(0, dot + 1);
    Set<String> columns = new LinkedHashSet<>();
    for (String table : tables(text)) {
      if (dot < 0 || qualifier.equalsIgnoreCase(table + ".")) {
        for (ResultColumn column : catalog.columns(table)) {
          columns.add(qualifier + Catalog.quoted(column.name()));
        }
      }
    }
    return columns;
  }

  private Set<String> tables(String text) {
    Set<String> named = new LinkedHashSet<>();
    List<String> tables = catalog.tables();
    NAME.matcher(text)
        .results()
        .forEach(
            name ->
                tables.stream()
                    .filter(table -> table.equalsIgnoreCase(name.group()))
                    .forEach(named::add));
    return named;
  }

  private static List<String> keywords(String word) {
    boolean lower = !word.isEmpty() && Character.isLowerCase(word.charAt(0));
    return lower ? KEYWORDS.stream().map(k -> k.toLowerCase(Locale.ROOT)).toList() : KEYWORDS;
  }
}
