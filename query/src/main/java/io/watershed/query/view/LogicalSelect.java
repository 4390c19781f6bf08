package io.watershed.query.view;

import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.cut.schema.LogicalColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The SQL that makes logical columns of physical ones. A column without siblings stays a plain
 * reference, so that projection and filters reach the files; a struct is packed anew only where one
 * of its members needs it (facts/duckdb.md: both block pushdown).
 */
final class LogicalSelect {
  private final SelectDialect dialect;

  LogicalSelect(SelectDialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Select items for the logical columns.
   *
   * @param physical the columns that the view is made of
   * @param inFiles the columns of the table: a struct of which the view shows fewer members is
   *     packed anew
   * @param from the alias of the relation that has the physical columns
   */
  List<String> items(
      List<LogicalColumn> logical, PayloadSchema physical, PayloadSchema inFiles, String from) {
    List<String> items = new ArrayList<>();
    for (LogicalColumn column : logical) {
      items.add(
          expression(column, physical.columns(), inFiles.columns(), from)
              + " AS "
              + dialect.name(column.name()));
    }
    return items;
  }

  /**
   * Select items for single siblings that a statement names: {@code amount__long} is the exact long
   * of a column that shows longs and doubles as DOUBLE.
   *
   * @param names what the statement may read, in lower case
   */
  List<String> siblings(
      List<LogicalColumn> logical, PayloadSchema physical, Set<String> names, String from) {
    Set<String> taken = new HashSet<>();
    logical.forEach(column -> taken.add(column.name().toLowerCase(Locale.ROOT)));
    List<String> items = new ArrayList<>();
    for (LogicalColumn column : logical) {
      for (PayloadColumn sibling : siblings(column, physical.columns())) {
        String name = column.name() + "__" + sibling.type().suffix();
        String folded = name.toLowerCase(Locale.ROOT);
        if (!column.isStruct() && names.contains(folded) && taken.add(folded)) {
          items.add(reference(from, sibling) + " AS " + dialect.name(name));
        }
      }
    }
    return items;
  }

  private static List<PayloadColumn> siblings(LogicalColumn column, List<PayloadColumn> physical) {
    return physical.stream()
        .filter(p -> p.key().equals(column.key()) && column.types().contains(p.type()))
        .toList();
  }

  private String expression(
      LogicalColumn column,
      List<PayloadColumn> physical,
      List<PayloadColumn> inFiles,
      String above) {
    if (column.isStruct()) {
      return struct(column, physical, inFiles, above);
    }
    List<PayloadColumn> siblings = siblings(column, physical);
    if (siblings.size() == 1) {
      return reference(above, siblings.get(0));
    }
    String target = dialect.type(column.widestType());
    List<String> casts = new ArrayList<>();
    for (PayloadColumn sibling : siblings) {
      casts.add("CAST(" + reference(above, sibling) + " AS " + target + ")");
    }
    return "COALESCE(" + String.join(", ", casts) + ")";
  }

  private String struct(
      LogicalColumn column,
      List<PayloadColumn> physical,
      List<PayloadColumn> inFiles,
      String above) {
    PayloadColumn struct = find(physical, column.key()).orElseThrow();
    Optional<PayloadColumn> stored = find(inFiles, column.key());
    String reference = reference(above, struct);
    if (isPlain(column, struct, stored)) {
      return reference;
    }
    List<PayloadColumn> storedMembers = stored.map(PayloadColumn::children).orElse(List.of());
    List<SelectDialect.Member> members = new ArrayList<>();
    for (LogicalColumn member : column.members()) {
      members.add(
          new SelectDialect.Member(
              member, expression(member, struct.children(), storedMembers, reference)));
    }
    return "CASE WHEN " + reference + " IS NOT NULL THEN " + dialect.struct(members) + " END";
  }

  /** Whether the struct as it is has exactly the view's members in its order, without siblings. */
  private static boolean isPlain(
      LogicalColumn column, PayloadColumn struct, Optional<PayloadColumn> stored) {
    if (stored.isPresent() && stored.get().children().size() > struct.children().size()) {
      return false;
    }
    if (column.members().size() != struct.children().size()) {
      return false;
    }
    for (int i = 0; i < column.members().size(); i++) {
      LogicalColumn member = column.members().get(i);
      PayloadColumn physical = struct.children().get(i);
      if (!physical.key().equals(member.key())
          || !member.types().contains(physical.type())
          || !physical.name().equals(member.name())) {
        return false;
      }
      Optional<PayloadColumn> storedMember = stored.flatMap(s -> find(s.children(), member.key()));
      if (member.isStruct() && !isPlain(member, physical, storedMember)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<PayloadColumn> find(List<PayloadColumn> columns, String key) {
    return columns.stream()
        .filter(c -> c.key().equals(key) && c.type() == ColumnType.STRUCT)
        .findFirst();
  }

  private String reference(String above, PayloadColumn column) {
    return above + "." + dialect.name(column.name());
  }
}
