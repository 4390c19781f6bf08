package io.watershed.hive;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Condition.Op;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.hive.common.type.Timestamp;
import org.apache.hadoop.hive.ql.plan.ExprNodeColumnDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeConstantDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeGenericFuncDesc;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFBetween;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFIn;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPAnd;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPEqual;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPGreaterThan;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPLessThan;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDFOPOr;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoFactory;
import org.junit.jupiter.api.Test;

/** Filters as Hive's compiler hands them over. */
class ScanConditionsTest {
  private static final Instant TIME = Instant.parse("2026-11-29T07:00:00.000001Z");

  private static ExprNodeDesc column(String name) {
    return new ExprNodeColumnDesc(TypeInfoFactory.stringTypeInfo, name, "t", false);
  }

  private static ExprNodeDesc constant(Object value) {
    return new ExprNodeConstantDesc(TypeInfoFactory.stringTypeInfo, value);
  }

  private static ExprNodeDesc apply(GenericUDF function, ExprNodeDesc... operands) {
    return new ExprNodeGenericFuncDesc(
        TypeInfoFactory.booleanTypeInfo, function, List.of(operands));
  }

  private static Condition of(String column, Op op, Object... constants) {
    return new Condition(List.of(column), op, List.of(constants));
  }

  @Test
  void comparisonsThatAllHaveToHoldArePushed() {
    ExprNodeDesc time =
        apply(
            new GenericUDFOPGreaterThan(),
            column("_ARRIVAL_TIME"),
            constant(Timestamp.ofEpochSecond(TIME.getEpochSecond(), TIME.getNano())));
    ExprNodeDesc shard = apply(new GenericUDFOPEqual(), constant("shard-1"), column("_shard_id"));
    assertThat(ScanConditions.of(apply(new GenericUDFOPAnd(), time, shard)))
        .containsExactly(
            of("_arrival_time", Op.GREATER, TIME), of("_shard_id", Op.EQUAL, "shard-1"));
  }

  @Test
  void aConstantOnTheLeftTurnsTheComparisonAround() {
    assertThat(
            ScanConditions.of(
                apply(new GenericUDFOPLessThan(), constant(5L), column("_sub_sequence_number"))))
        .containsExactly(of("_sub_sequence_number", Op.GREATER, BigDecimal.valueOf(5)));
  }

  @Test
  void inAndBetweenArePushedAndNotBetweenIsNot() {
    assertThat(
            ScanConditions.of(
                apply(new GenericUDFIn(), column("_shard_id"), constant("a"), constant("b"))))
        .containsExactly(of("_shard_id", Op.IN, "a", "b"));
    assertThat(between(false)).containsExactly(of("_sequence_number", Op.BETWEEN, "1", "2"));
    assertThat(between(true)).isEmpty();
  }

  private static List<Condition> between(boolean inverted) {
    return ScanConditions.of(
        apply(
            new GenericUDFBetween(),
            constant(inverted),
            column("_sequence_number"),
            constant("1"),
            constant("2")));
  }

  @Test
  void whatMayHoldOtherwiseIsLeftToHive() {
    ExprNodeDesc shard = apply(new GenericUDFOPEqual(), column("_shard_id"), constant("a"));
    ExprNodeDesc payload = apply(new GenericUDFOPEqual(), column("id"), constant(1L));
    assertThat(ScanConditions.of(apply(new GenericUDFOPOr(), shard, payload))).isEmpty();
    assertThat(ScanConditions.of(payload)).isEmpty();
    // Hive compares a time with a text in its own way.
    assertThat(
            ScanConditions.of(
                apply(new GenericUDFOPEqual(), column("_arrival_time"), constant("2026"))))
        .isEmpty();
  }
}
