package io.watershed.drill;

import io.watershed.cut.condition.Condition;
import io.watershed.drill.plan.ScanConditions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptRuleOperand;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.drill.exec.planner.logical.DrillFilterRel;
import org.apache.drill.exec.planner.logical.DrillProjectRel;
import org.apache.drill.exec.planner.logical.DrillScanRel;
import org.apache.drill.exec.planner.logical.RelOptHelper;
import org.apache.drill.exec.store.StoragePluginOptimizerRule;
import org.jspecify.annotations.Nullable;

/** Leaves units out of a scan that hold no row which its filter lets pass. The filter stays. */
final class FilterIntoScan extends StoragePluginOptimizerRule {
  private final boolean overProject;

  private FilterIntoScan(RelOptRuleOperand operand, boolean overProject, String name) {
    super(operand, name);
    this.overProject = overProject;
  }

  /** The rule for a filter over a scan, and for one with a projection in between. */
  static Set<StoragePluginOptimizerRule> rules() {
    return Set.of(
        new FilterIntoScan(
            RelOptHelper.some(DrillFilterRel.class, RelOptHelper.any(DrillScanRel.class)),
            false,
            "WatershedFilterIntoScan"),
        new FilterIntoScan(
            RelOptHelper.some(
                DrillFilterRel.class,
                RelOptHelper.some(DrillProjectRel.class, RelOptHelper.any(DrillScanRel.class))),
            true,
            "WatershedFilterOverProjectIntoScan"));
  }

  @Override
  public boolean matches(RelOptRuleCall call) {
    DrillScanRel scan = call.rel(overProject ? 2 : 1);
    return scan.getGroupScan() instanceof WatershedGroupScan;
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    DrillFilterRel filter = call.rel(0);
    DrillScanRel scan = call.rel(overProject ? 2 : 1);
    @Nullable DrillProjectRel project = overProject ? call.rel(1) : null;
    RexNode where =
        project == null
            ? filter.getCondition()
            : RelOptUtil.pushPastProject(filter.getCondition(), project);
    List<Condition> conditions =
        ScanConditions.of(
            filter.getCluster().getRexBuilder(), where, scan.getRowType().getFieldNames());
    Optional<WatershedGroupScan> fewer =
        ((WatershedGroupScan) scan.getGroupScan()).limitedBy(conditions);
    if (fewer.isEmpty()) {
      return;
    }
    RelNode read =
        new DrillScanRel(
            scan.getCluster(),
            scan.getTraitSet(),
            scan.getTable(),
            fewer.get(),
            scan.getRowType(),
            scan.getColumns());
    RelNode below = project == null ? read : project.copy(project.getTraitSet(), List.of(read));
    call.transformTo(filter.copy(filter.getTraitSet(), List.of(below)));
  }
}
