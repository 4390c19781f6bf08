package io.watershed.hive;

import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.hive.metastore.HiveMetaHook;
import org.apache.hadoop.hive.ql.metadata.DefaultStorageHandler;
import org.apache.hadoop.hive.ql.metadata.HiveStoragePredicateHandler;
import org.apache.hadoop.hive.ql.plan.ExprNodeDesc;
import org.apache.hadoop.hive.ql.plan.ExprNodeGenericFuncDesc;
import org.apache.hadoop.hive.ql.plan.TableDesc;
import org.apache.hadoop.hive.serde2.AbstractSerDe;
import org.apache.hadoop.hive.serde2.Deserializer;
import org.apache.hadoop.mapred.InputFormat;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.OutputFormat;
import org.jspecify.annotations.Nullable;

/**
 * {@code CREATE EXTERNAL TABLE orders STORED BY 'io.watershed.hive.WatershedStorageHandler'
 * TBLPROPERTIES ('watershed.config'='…', 'watershed.stream'='orders', 'watershed.side'='all')}.
 */
public final class WatershedStorageHandler extends DefaultStorageHandler
    implements HiveStoragePredicateHandler {

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends InputFormat> getInputFormatClass() {
    return WatershedInputFormat.class;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends OutputFormat> getOutputFormatClass() {
    return WatershedOutputFormat.class;
  }

  @Override
  public Class<? extends AbstractSerDe> getSerDeClass() {
    return WatershedSerDe.class;
  }

  @Override
  public HiveMetaHook getMetaHook() {
    return new WatershedMetaHook();
  }

  /** What the input format needs to know, on every node. */
  @Override
  public void configureInputJobProperties(TableDesc table, Map<String, String> job) {
    Properties properties = table.getProperties();
    job.putAll(TableSettings.of(properties::getProperty).properties());
    job.put(ReadColumns.NAMES, properties.getProperty("columns", ""));
    job.put(ReadColumns.TYPES, properties.getProperty("columns.types", ""));
  }

  /** Everything is pushed, for what is understood of it, and everything is applied again. */
  @Override
  public @Nullable DecomposedPredicate decomposePredicate(
      JobConf job, Deserializer deserializer, ExprNodeDesc predicate) {
    if (!(predicate instanceof ExprNodeGenericFuncDesc filter)
        || ScanConditions.of(filter).isEmpty()) {
      return null;
    }
    DecomposedPredicate both = new DecomposedPredicate();
    both.pushedPredicate = filter;
    both.residualPredicate = filter.clone() instanceof ExprNodeGenericFuncDesc copy ? copy : filter;
    return both;
  }
}
