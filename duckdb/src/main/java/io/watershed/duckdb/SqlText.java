package io.watershed.duckdb;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names and text as DuckDB SQL. */
public final class SqlText {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Words that are no names without quotes, everywhere or in some places. */
  static final Set<String> KEYWORDS =
      Set.of(
          """
              all analyse analyze and anti any array as asc asof asymmetric at authorization
              between bigint binary bit boolean both by case cast char character check coalesce
              collate collation column columns concurrently constraint create cross dec decimal
              default deferrable desc describe distinct do else end except exists extract false
              fetch float for foreign freeze from full generated glob group grouping grouping_id
              having ilike in initially inner inout int integer intersect interval into is isnull
              join lambda lateral leading left like limit map national natural nchar none not
              notnull null nullif numeric offset on only or order out outer overlaps overlay
              pivot pivot_longer pivot_wider placing position positional precision primary
              qualify real references returning right row select semi setof show similar smallint
              some struct substring summarize symmetric table tablesample then time timestamp to
              trailing treat trim true try_cast tuple union unique unpack unpivot using values
              varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement
              xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
              """
              .strip()
              .split("\\s+"));

  private SqlText() {}

  /** A quoted identifier. */
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** An identifier as a person writes it: quoted where SQL needs it. */
  public static String written(String name) {
    boolean plain =
        PLAIN_NAME.matcher(name).matches() && !KEYWORDS.contains(name.toLowerCase(Locale.ROOT));
    return plain ? name : name(name);
  }

  /** A string literal. */
  public static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
