package io.watershed.drill.plan;

import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;

/**
 * What a WHERE says of single columns, as far as it compares them with constants. Whatever is not
 * understood limits nothing: Drill filters the rows again.
 */
public final class ScanConditions {
  /** Drill's timestamps are cut to milliseconds: one stands for these, and the first. */
  private static final long LAST_MICRO = 999;

  private final List<String> columns;

  private ScanConditions(List<String> columns) {
    this.columns = columns;
  }

  /**
   * The conditions that all rows of the answer meet.
   *
   * @param columns names of the scan's columns, by their number
   */
  public static List<Condition> of(RexBuilder builder, RexNode where, List<String> columns) {
    ScanConditions conditions = new ScanConditions(List.copyOf(columns));
    List<Condition> all = new ArrayList<>();
    for (RexNode part : RelOptUtil.conjunctions(RexUtil.expandSearch(builder, null, where))) {
      conditions.condition(part).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Condition> condition(RexNode node) {
    if (node.getKind() == SqlKind.OR) {
      return in(((RexCall) node).getOperands());
    }
    return comparison(node).flatMap(ScanConditions::ofStored);
  }

  /** {@code a = 1 OR a = 2}: so does IN come here. */
  private Optional<Condition> in(List<RexNode> alternatives) {
    List<Object> constants = new ArrayList<>();
    List<String> column = List.of();
    for (RexNode alternative : alternatives) {
      Optional<Condition> equal =
          comparison(alternative).filter(condition -> condition.op() == Op.EQUAL);
      if (equal.isEmpty() || !(column.isEmpty() || column.equals(equal.get().column()))) {
        return Optional.empty();
      }
      column = equal.get().column();
      constants.addAll(equal.get().constants());
    }
    boolean oneClass = constants.stream().map(Object::getClass).distinct().count() == 1;
    boolean isTime = column.equals(List.of(SystemColumn.ARRIVAL_TIME.columnName()));
    boolean isMicros = column.equals(List.of(TableColumns.ARRIVAL_MICROS));
    return oneClass && !isTime && !isMicros
        ? Optional.of(new Condition(column, Op.IN, constants))
        : Optional.empty();
  }

  private Optional<Condition> comparison(RexNode node) {
    if (!(node instanceof RexCall call) || call.getOperands().size() != 2) {
      return Optional.empty();
    }
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    boolean turned = left instanceof RexLiteral;
    Optional<List<String>> column = column(turned ? right : left);
    Optional<Object> constant = constant(turned ? left : right);
    Optional<Op> op = op(turned ? call.getKind().reverse() : call.getKind());
    return column.isPresent() && constant.isPresent() && op.isPresent()
        ? Optional.of(new Condition(column.get(), op.get(), List.of(constant.get())))
        : Optional.empty();
  }

  private static Optional<Op> op(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Optional.of(Op.EQUAL);
      case LESS_THAN -> Optional.of(Op.LESS);
      case LESS_THAN_OR_EQUAL -> Optional.of(Op.LESS_OR_EQUAL);
      case GREATER_THAN -> Optional.of(Op.GREATER);
      case GREATER_THAN_OR_EQUAL -> Optional.of(Op.GREATER_OR_EQUAL);
      default -> Optional.empty();
    };
  }

  /** A column, or a member of one. */
  private Optional<List<String>> column(RexNode node) {
    if (node instanceof RexInputRef ref) {
      return Optional.of(List.of(columns.get(ref.getIndex())));
    }
    if (node instanceof RexFieldAccess access) {
      return column(access.getReferenceExpr())
          .map(above -> plus(above, access.getField().getName()));
    }
    if (node.getKind() == SqlKind.ITEM
        && node instanceof RexCall item
        && item.getOperands().get(1) instanceof RexLiteral key
        && constant(key).orElse(0) instanceof String name) {
      return column(item.getOperands().get(0)).map(above -> plus(above, name));
    }
    return Optional.empty();
  }

  private static List<String> plus(List<String> above, String name) {
    List<String> path = new ArrayList<>(above);
    path.add(name);
    return path;
  }

  private static Optional<Object> constant(RexNode node) {
    if (!(node instanceof RexLiteral literal) || literal.isNull()) {
      return Optional.empty();
    }
    return switch (literal.getTypeName()) {
      case CHAR, VARCHAR -> Optional.ofNullable(literal.getValueAs(String.class));
      case DECIMAL, DOUBLE -> Optional.ofNullable(literal.getValueAs(BigDecimal.class));
      case TIMESTAMP ->
          Optional.ofNullable(literal.getValueAs(TimestampString.class))
              .map(time -> Instant.ofEpochMilli(time.getMillisSinceEpoch()));
      case DATE ->
          Optional.ofNullable(literal.getValueAs(DateString.class))
              .map(day -> Instant.ofEpochMilli(day.getMillisSinceEpoch()));
      default -> Optional.empty();
    };
  }

  /** The same condition of the time as it is stored, in microseconds. */
  private static Optional<Condition> ofStored(Condition condition) {
    Object constant = condition.constants().get(0);
    String time = SystemColumn.ARRIVAL_TIME.columnName();
    if (condition.isOn(TableColumns.ARRIVAL_MICROS)) {
      return constant instanceof BigDecimal number
              && number.stripTrailingZeros().scale() <= 0
              && number.toBigInteger().bitLength() < Long.SIZE
          ? Optional.of(
              new Condition(
                  List.of(time),
                  condition.op(),
                  List.of(Instant.EPOCH.plus(number.longValue(), ChronoUnit.MICROS))))
          : Optional.empty();
    }
    if (!condition.isOn(time)) {
      return Optional.of(condition);
    }
    if (!(constant instanceof Instant first)) {
      return Optional.empty();
    }
    Instant last = first.plus(LAST_MICRO, ChronoUnit.MICROS);
    return Optional.of(
        switch (condition.op()) {
          case EQUAL -> new Condition(condition.column(), Op.BETWEEN, List.of(first, last));
          case LESS_OR_EQUAL -> new Condition(condition.column(), Op.LESS_OR_EQUAL, List.of(last));
          default -> condition;
        });
  }
}
