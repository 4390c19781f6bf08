package io.watershed.hive;

import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import io.watershed.cut.condition.Conditions;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.common.type.Timestamp;
import org.apache.hadoop.hive.ql.exec.SerializationUtilities;
import org.apache.hadoop.hive.ql.plan.ExprNodeColumnDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeConstantDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeGenericFuncDesc;
import org.apache.hadoop.hive.ql.plan.TableScanDesc;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFBetween;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFIn;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPAnd;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPEqual;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPEqualOrGreaterThan;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPEqualOrLessThan;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPGreaterThan;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPLessThan;

/**
 * What a Hive filter says of a stream's system columns: comparisons with constants, joined by AND.
 * Everything else is left to Hive, which applies the whole filter again in any case.
 */
final class ScanConditions {
  private static final Map<Class<?>, Op> COMPARISONS = new HashMap<>();
  private static final Map<Op, Op> MIRRORED = new EnumMap<>(Op.class);

  static {
    COMPARISONS.put(GenericUDFOPEqual.class, Op.EQUAL);
    COMPARISONS.put(GenericUDFOPLessThan.class, Op.LESS);
    COMPARISONS.put(GenericUDFOPEqualOrLessThan.class, Op.LESS_OR_EQUAL);
    COMPARISONS.put(GenericUDFOPGreaterThan.class, Op.GREATER);
    COMPARISONS.put(GenericUDFOPEqualOrGreaterThan.class, Op.GREATER_OR_EQUAL);
    MIRRORED.put(Op.EQUAL, Op.EQUAL);
    MIRRORED.put(Op.LESS, Op.GREATER);
    MIRRORED.put(Op.LESS_OR_EQUAL, Op.GREATER_OR_EQUAL);
    MIRRORED.put(Op.GREATER, Op.LESS);
    MIRRORED.put(Op.GREATER_OR_EQUAL, Op.LESS_OR_EQUAL);
  }

  private ScanConditions() {}

  /** Those of the filter that Hive has pushed into a job. */
  static Conditions of(Configuration job) {
    String filter = job.get(TableScanDesc.FILTER_EXPR_CONF_STR);
    return filter == null
        ? Conditions.NONE
        : new Conditions(List.of(of(SerializationUtilities.deserializeExpression(filter))));
  }

  /** Those of a filter: all of them hold for every row that it lets through. */
  static List<Condition> of(ExprNodeDesc filter) {
    List<Condition> all = new ArrayList<>();
    collect(filter, all);
    return all;
  }

  private static void collect(ExprNodeDesc expression, List<Condition> all) {
    if (!(expression instanceof ExprNodeGenericFuncDesc function)) {
      return;
    }
    GenericUDF operator = function.getGenericUDF();
    List<ExprNodeDesc> operands = function.getChildren();
    if (operator instanceof GenericUDFOPAnd) {
      operands.forEach(operand -> collect(operand, all));
    } else if (operator instanceof GenericUDFIn) {
      condition(operands.get(0), Op.IN, operands.subList(1, operands.size())).ifPresent(all::add);
    } else if (operator instanceof GenericUDFBetween) {
      boolean not =
          !(operands.get(0) instanceof ExprNodeConstantDesc inverted)
              || !Boolean.FALSE.equals(inverted.getValue());
      if (!not) {
        condition(operands.get(1), Op.BETWEEN, operands.subList(2, 4)).ifPresent(all::add);
      }
    } else {
      Op op = COMPARISONS.get(operator.getClass());
      if (op != null && operands.size() == 2) {
        condition(operands.get(0), op, operands.subList(1, 2))
            .or(
                () ->
                    condition(
                        operands.get(1), MIRRORED.getOrDefault(op, op), operands.subList(0, 1)))
            .ifPresent(all::add);
      }
    }
  }

  private static Optional<Condition> condition(
      ExprNodeDesc left, Op op, List<ExprNodeDesc> constants) {
    Optional<SystemColumn> compared =
        left instanceof ExprNodeColumnDesc named ? system(named.getColumn()) : Optional.empty();
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    String column = compared.get().columnName();
    List<Object> values = new ArrayList<>();
    for (ExprNodeDesc constant : constants) {
      Optional<Object> value =
          constant instanceof ExprNodeConstantDesc literal
              ? value(literal.getValue())
              : Optional.empty();
      if (value.filter(v -> isOfType(v, compared.get().type())).isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(new Condition(List.of(column), op, values));
  }

  private static Optional<SystemColumn> system(String name) {
    return SystemColumn.all().stream()
        .filter(column -> column.columnName().equalsIgnoreCase(name))
        .findFirst();
  }

  /** What Hive compares with something of another type, it may compare in its own way. */
  private static boolean isOfType(Object value, SystemColumn.Type type) {
    return switch (type) {
      case TEXT -> value instanceof String;
      case LONG -> value instanceof BigDecimal;
      case TIMESTAMPTZ -> value instanceof Instant;
      case BINARY -> false;
    };
  }

  private static Optional<Object> value(@org.jspecify.annotations.Nullable Object literal) {
    if (literal instanceof String text) {
      return Optional.of(text);
    }
    if (literal instanceof Integer || literal instanceof Long || literal instanceof Short) {
      return Optional.of(BigDecimal.valueOf(((Number) literal).longValue()));
    }
    if (literal instanceof Timestamp time) {
      return Optional.of(Instant.ofEpochSecond(time.toEpochSecond(), time.getNanos()));
    }
    return Optional.empty();
  }
}
