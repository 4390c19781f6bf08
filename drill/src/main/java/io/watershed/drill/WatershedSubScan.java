package io.watershed.drill;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.drill.plan.PlanJson;
import io.watershed.drill.plan.ScanUnit;
import io.watershed.drill.plan.StreamScan;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.drill.common.expression.SchemaPath;
import org.apache.drill.exec.physical.base.AbstractBase;
import org.apache.drill.exec.physical.base.PhysicalOperator;
import org.apache.drill.exec.physical.base.PhysicalVisitor;
import org.apache.drill.exec.physical.base.SubScan;
import org.apache.drill.exec.store.StoragePluginRegistry;

/** What one fragment reads of a table: it travels to the drillbit that does. */
@JsonTypeName("watershed-sub-scan")
public final class WatershedSubScan extends AbstractBase implements SubScan {
  /** The operator's name in profiles. */
  static final String OPERATOR = "WATERSHED_SCAN";

  private final WatershedPlugin plugin;
  private final StreamScan scan;
  private final List<ScanUnit> units;
  private final List<SchemaPath> columns;
  private final long limit;

  /** Drill calls this with what {@link #scanJson()} and the others gave. */
  @JsonCreator
  public WatershedSubScan(
      @JacksonInject StoragePluginRegistry plugins,
      @JsonProperty("userName") String userName,
      @JsonProperty("config") WatershedPluginConfig config,
      @JsonProperty("scan") JsonNode scan,
      @JsonProperty("units") JsonNode units,
      @JsonProperty("columns") List<SchemaPath> columns,
      @JsonProperty("limit") long limit) {
    this(
        userName,
        plugins.resolve(config, WatershedPlugin.class),
        PlanJson.scan(scan),
        PlanJson.units(units),
        columns,
        limit);
  }

  /**
   * @param limit no more rows than this are needed; negative for all
   */
  WatershedSubScan(
      String userName,
      WatershedPlugin plugin,
      StreamScan scan,
      List<ScanUnit> units,
      List<SchemaPath> columns,
      long limit) {
    super(userName);
    this.plugin = plugin;
    this.scan = scan;
    this.units = List.copyOf(units);
    this.columns = List.copyOf(columns);
    this.limit = limit;
  }

  /** How the drillbit finds the reservoir. */
  @JsonProperty("config")
  public WatershedPluginConfig config() {
    return plugin.getConfig();
  }

  /** The table. */
  @JsonProperty("scan")
  public JsonNode scanJson() {
    return PlanJson.of(scan);
  }

  /** The parts of it. */
  @JsonProperty("units")
  public JsonNode unitsJson() {
    return PlanJson.of(units);
  }

  /** The columns that are read. */
  @JsonProperty("columns")
  public List<SchemaPath> columns() {
    return columns;
  }

  /** The most rows that are needed; negative for all. */
  @JsonProperty("limit")
  public long limit() {
    return limit;
  }

  @JsonIgnore
  WatershedPlugin plugin() {
    return plugin;
  }

  @JsonIgnore
  StreamScan scan() {
    return scan;
  }

  @JsonIgnore
  List<ScanUnit> units() {
    return units;
  }

  @Override
  @JsonIgnore
  public String getOperatorType() {
    return OPERATOR;
  }

  @Override
  public <T, X, E extends Throwable> T accept(PhysicalVisitor<T, X, E> visitor, X value) throws E {
    return visitor.visitSubScan(this, value);
  }

  @Override
  public PhysicalOperator getNewWithChildren(List<PhysicalOperator> children) {
    return new WatershedSubScan(getUserName(), plugin, scan, units, columns, limit);
  }

  @Override
  public Iterator<PhysicalOperator> iterator() {
    return Collections.emptyIterator();
  }
}
