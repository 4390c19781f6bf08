package io.watershed.drill;

import java.io.IOException;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.drill.exec.ops.OptimizerRulesContext;
import org.apache.drill.exec.planner.PlannerPhase;
import org.apache.drill.exec.server.DrillbitContext;
import org.apache.drill.exec.store.AbstractStoragePlugin;
import org.apache.drill.exec.store.SchemaConfig;
import org.jspecify.annotations.Nullable;

/** The plugin of one configuration on one drillbit. Thread-safe. */
public final class WatershedPlugin extends AbstractStoragePlugin {
  private final WatershedPluginConfig config;
  private final ReceiptLog receipts = new ReceiptLog();
  private @Nullable Water water;

  /** Drill finds this constructor by its parameters. */
  public WatershedPlugin(WatershedPluginConfig config, DrillbitContext context, String name) {
    super(context, name);
    this.config = config;
  }

  /** The reservoir and the streams, opened when they are first asked for. */
  synchronized Water water() {
    Water open = water;
    if (open == null) {
      open = Water.open(config, System.getenv());
      water = open;
    }
    return open;
  }

  /** The receipts of statements that were planned here. */
  ReceiptLog receipts() {
    return receipts;
  }

  @Override
  public Set<? extends RelOptRule> getOptimizerRules(
      OptimizerRulesContext context, PlannerPhase phase) {
    return phase == PlannerPhase.LOGICAL ? FilterIntoScan.rules() : Set.of();
  }

  @Override
  public boolean supportsRead() {
    return true;
  }

  @Override
  public WatershedPluginConfig getConfig() {
    return config;
  }

  @Override
  public void registerSchemas(SchemaConfig schemaConfig, SchemaPlus parent) throws IOException {
    WatershedSchema schema = WatershedSchema.of(this, schemaConfig.getUserName());
    parent.add(schema.getName(), schema);
  }

  @Override
  public synchronized void close() {
    if (water != null) {
      water.close();
      water = null;
    }
  }
}
