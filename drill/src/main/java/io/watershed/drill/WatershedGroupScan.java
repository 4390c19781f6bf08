package io.watershed.drill;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ListMultimap;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Conditions;
import io.watershed.drill.plan.PlanJson;
import io.watershed.drill.plan.ScanUnit;
import io.watershed.drill.read.ReadErrors;
import java.util.List;
import java.util.Optional;
import org.apache.drill.common.expression.SchemaPath;
import org.apache.drill.exec.physical.base.AbstractGroupScan;
import org.apache.drill.exec.physical.base.GroupScan;
import org.apache.drill.exec.physical.base.PhysicalOperator;
import org.apache.drill.exec.physical.base.ScanStats;
import org.apache.drill.exec.physical.base.ScanStats.GroupScanProperty;
import org.apache.drill.exec.proto.CoordinationProtos.DrillbitEndpoint;
import org.apache.drill.exec.store.StoragePluginRegistry;
import org.apache.drill.exec.store.schedule.AssignmentCreator;
import org.jspecify.annotations.Nullable;

/** A table of a pinned cut in a plan: its units are spread over the drillbits. */
@JsonTypeName("watershed-scan")
public final class WatershedGroupScan extends AbstractGroupScan {
  private final PinnedTable table;
  private final List<SchemaPath> columns;
  private final int limit;
  private @Nullable ListMultimap<Integer, UnitWork> assigned;

  WatershedGroupScan(String userName, PinnedTable table) {
    this(userName, table, ALL_COLUMNS, -1);
  }

  private WatershedGroupScan(
      String userName, PinnedTable table, List<SchemaPath> columns, int limit) {
    super(userName);
    this.table = table;
    this.columns = columns;
    this.limit = limit;
  }

  /** For a physical plan that is given as text: it repeats the cut that it was planned with. */
  @JsonCreator
  public WatershedGroupScan(
      @JacksonInject StoragePluginRegistry plugins,
      @JsonProperty("userName") String userName,
      @JsonProperty("config") WatershedPluginConfig config,
      @JsonProperty("table") String name,
      @JsonProperty("receipt") String receipt,
      @JsonProperty("scan") JsonNode scan,
      @JsonProperty("units") JsonNode units,
      @JsonProperty("columns") List<SchemaPath> columns,
      @JsonProperty("limit") int limit) {
    this(
        userName,
        new PinnedTable(
            plugins.resolve(config, WatershedPlugin.class),
            name,
            PlannedCut.of(receipt),
            PlanJson.scan(scan),
            PlanJson.units(units),
            conditions -> PlanJson.units(units)),
        columns,
        limit);
  }

  private WatershedGroupScan with(PinnedTable read, List<SchemaPath> of, int atMost) {
    WatershedGroupScan scan = new WatershedGroupScan(getUserName(), read, List.copyOf(of), atMost);
    scan.assigned = assigned;
    return scan;
  }

  /** Without units that hold no row for which all conditions hold; empty if that is none. */
  Optional<WatershedGroupScan> limitedBy(List<Condition> conditions) {
    if (conditions.isEmpty() || limit >= 0) {
      return Optional.empty();
    }
    PinnedTable fewer =
        ReadErrors.translating(() -> table.limitedBy(new Conditions(List.of(conditions))));
    return fewer.units().equals(table.units())
        ? Optional.empty()
        : Optional.of(with(fewer, columns, limit));
  }

  /** How drillbits find the reservoir. */
  @JsonProperty("config")
  public WatershedPluginConfig config() {
    return table.plugin().getConfig();
  }

  /** The table's name. */
  @JsonProperty("table")
  public String tableName() {
    return table.name();
  }

  /** Of the statement's cut. */
  @JsonProperty("receipt")
  public String receipt() {
    return table.cut().receiptId();
  }

  /** The most rows that are needed; negative for all. */
  @JsonProperty("limit")
  public int limit() {
    return limit;
  }

  /** The table and its cut. */
  @JsonProperty("scan")
  public JsonNode scanJson() {
    return PlanJson.of(table.scan());
  }

  /** What is read. */
  @JsonProperty("units")
  public JsonNode unitsJson() {
    return PlanJson.of(table.units());
  }

  @Override
  @JsonProperty("columns")
  public List<SchemaPath> getColumns() {
    return columns;
  }

  @Override
  public void applyAssignments(List<DrillbitEndpoint> endpoints) {
    ReadErrors.translating(
        () -> {
          table.cut().run();
          return "";
        });
    assigned =
        AssignmentCreator.getMappings(
            endpoints, table.units().stream().map(UnitWork::new).toList());
  }

  @Override
  public WatershedSubScan getSpecificScan(int minorFragmentId) {
    if (assigned == null) {
      throw new IllegalStateException("no drillbits are assigned yet");
    }
    List<ScanUnit> own = assigned.get(minorFragmentId).stream().map(UnitWork::unit).toList();
    return new WatershedSubScan(getUserName(), table.plugin(), table.scan(), own, columns, limit);
  }

  @Override
  @JsonIgnore
  public int getMaxParallelizationWidth() {
    return table.units().size();
  }

  @Override
  @JsonIgnore
  public boolean canPushdownProjects(List<SchemaPath> read) {
    return true;
  }

  @Override
  public GroupScan clone(List<SchemaPath> read) {
    return with(table, read, limit);
  }

  @Override
  public PhysicalOperator getNewWithChildren(List<PhysicalOperator> children) {
    return with(table, columns, limit);
  }

  @Override
  @JsonIgnore
  public boolean supportsLimitPushdown() {
    return true;
  }

  @Override
  public @Nullable GroupScan applyLimit(int maxRecords) {
    return limit >= 0 && limit <= maxRecords ? null : with(table, columns, maxRecords);
  }

  /** Kept copies and rows outside the cut count too: an estimate, so nothing is answered by it. */
  @Override
  @JsonIgnore
  public ScanStats getScanStats() {
    long rows = Math.max(1, table.units().stream().mapToLong(ScanUnit::rows).sum());
    long needed = limit < 0 ? rows : Math.min(rows, Math.max(1, limit));
    return new ScanStats(GroupScanProperty.NO_EXACT_ROW_COUNT, needed, 1, needed);
  }

  @Override
  @JsonIgnore
  public String getDigest() {
    return toString();
  }

  @Override
  public String toString() {
    return "WatershedScan [table="
        + table.name()
        + ", receipt="
        + receipt()
        + ", units="
        + table.units().size()
        + ", columns="
        + columns
        + (limit < 0 ? "" : ", limit=" + limit)
        + "]";
  }
}
