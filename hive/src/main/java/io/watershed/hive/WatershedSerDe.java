package io.watershed.hive;

import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.cut.CutResolver;
import io.watershed.cut.schema.LogicalSchema;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.util.List;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.serde2.AbstractSerDe;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.apache.hadoop.hive.serde2.SerDeStats;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;
import org.apache.hadoop.io.Writable;
import org.jspecify.annotations.Nullable;

/**
 * Says what a table's columns are. A table that is created without any gets those of the stream's
 * view, as the archive has them then; Hive keeps them, and later scans go by what it keeps.
 */
public final class WatershedSerDe extends AbstractSerDe {
  private @Nullable ObjectInspector inspector;

  /** What newer versions of Hive call; partitions there are none. */
  @Override
  public void initialize(
      @Nullable Configuration conf, Properties table, @Nullable Properties partition)
      throws SerDeException {
    inspect(table);
  }

  @Override
  @Deprecated
  public void initialize(@Nullable Configuration conf, Properties table) throws SerDeException {
    inspect(table);
  }

  private void inspect(Properties table) throws SerDeException {
    try {
      String names = table.getProperty("columns", "");
      if (names.isBlank()) {
        HiveColumns columns = ofStream(TableSettings.of(table::getProperty));
        inspector =
            ObjectInspectorFactory.getStandardStructObjectInspector(
                columns.names(),
                columns.types().stream()
                    .map(TypeInfoUtils::getStandardJavaObjectInspectorFromTypeInfo)
                    .toList());
      } else {
        ReadColumns columns = ReadColumns.all(names, table.getProperty("columns.types", ""));
        inspector =
            ObjectInspectorFactory.getStandardStructObjectInspector(
                columns.names(),
                columns.types().stream()
                    .map(TypeInfoUtils::getStandardJavaObjectInspectorFromTypeInfo)
                    .toList());
      }
    } catch (WatershedException e) {
      throw Failures.forSerDe(e);
    }
  }

  private static HiveColumns ofStream(TableSettings table) {
    try (Sources sources = Sources.open(table)) {
      PayloadFormat format = sources.format();
      PayloadSchema archived =
          sources
              .reservoir()
              .find(sources.stream())
              .map(ArchiveTable::load)
              .map(TableState::schema)
              .orElse(PayloadSchema.EMPTY);
      return HiveColumns.of(LogicalSchema.of(CutResolver.grow(archived, format, List.of())));
    }
  }

  @Override
  public ObjectInspector getObjectInspector() throws SerDeException {
    ObjectInspector known = inspector;
    if (known == null) {
      throw new SerDeException("watershed: a table's properties come first");
    }
    return known;
  }

  @Override
  public Object deserialize(Writable row) {
    return ((RowWritable) row).values();
  }

  @Override
  public Class<? extends Writable> getSerializedClass() {
    return RowWritable.class;
  }

  @Override
  public Writable serialize(@Nullable Object row, ObjectInspector of) throws SerDeException {
    throw Failures.forSerDe(WatershedOutputFormat.refused(""));
  }

  @Override
  public @Nullable SerDeStats getSerDeStats() {
    return null;
  }
}
