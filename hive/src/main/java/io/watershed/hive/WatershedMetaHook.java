package io.watershed.hive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import org.apache.hadoop.hive.common.StatsSetupConst;
import org.apache.hadoop.hive.metastore.DefaultHiveMetaHook;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.hadoop.hive.metastore.api.Table;

/** Checks a table when it is created, and refuses to write into it before anything runs. */
final class WatershedMetaHook extends DefaultHiveMetaHook {

  @Override
  public void preCreateTable(Table table) throws MetaException {
    try {
      if (!TableType.EXTERNAL_TABLE.name().equals(table.getTableType())) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "the table '" + table.getTableName() + "' would be Hive's own, and a stream is not",
            "Write CREATE EXTERNAL TABLE.");
      }
      if (!table.getPartitionKeys().isEmpty()) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "the table '" + table.getTableName() + "' has partitions, and a stream has none",
            "Leave PARTITIONED BY out: filters on _arrival_time and _shard_id are pushed down.");
      }
      TableSettings.of(table.getParameters()::get);
    } catch (WatershedException e) {
      throw Failures.forMetastore(e);
    }
    // A stream's rows are never counted once and for all.
    table.getParameters().put(StatsSetupConst.DO_NOT_UPDATE_STATS, StatsSetupConst.TRUE);
    table.getParameters().remove(StatsSetupConst.COLUMN_STATS_ACCURATE);
  }

  @Override
  public void preInsertTable(Table table, boolean overwrite) throws MetaException {
    throw Failures.forMetastore(WatershedOutputFormat.refused(table.getTableName()));
  }

  @Override
  public void commitInsertTable(Table table, boolean overwrite) throws MetaException {
    preInsertTable(table, overwrite);
  }

  @Override
  public void rollbackInsertTable(Table table, boolean overwrite) {
    // nothing was inserted
  }

  @Override
  public void rollbackCreateTable(Table table) {
    // nothing was created but the name
  }

  @Override
  public void commitCreateTable(Table table) {
    // nothing is created but the name
  }

  @Override
  public void preDropTable(Table table) {
    // the name goes, the stream stays
  }

  @Override
  public void rollbackDropTable(Table table) {
    // the stream was not touched
  }

  @Override
  public void commitDropTable(Table table, boolean deleteData) {
    // the stream stays, whatever is asked
  }
}
