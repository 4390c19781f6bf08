package io.watershed.drill;

import io.watershed.cut.StreamNames.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.schema.Schema.TableType;
import org.apache.calcite.schema.Table;
import org.apache.drill.common.exceptions.UserException;
import org.apache.drill.exec.store.AbstractSchema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables of one query's schema tree. */
final class WatershedSchema extends AbstractSchema {
  private static final Logger LOG = LoggerFactory.getLogger(WatershedSchema.class);

  private final WatershedPlugin plugin;

  WatershedSchema(WatershedPlugin plugin) {
    super(List.of(), plugin.getName());
    this.plugin = plugin;
  }

  @Override
  public String getTypeName() {
    return WatershedPluginConfig.TYPE;
  }

  @Override
  public Set<String> getTableNames() {
    Set<String> names = new TreeSet<>();
    for (String stream : plugin.water().streams().streams()) {
      for (Side side : Side.values()) {
        names.add(stream + side.suffix());
      }
    }
    return names;
  }

  /** Drill would say that there is no such table, which is not so. */
  @Override
  public @Nullable Table getTable(String name) {
    if (getTableNames().stream().noneMatch(name::equalsIgnoreCase)) {
      return null;
    }
    throw UserException.unsupportedError()
        .message(
            "The storage '"
                + getName()
                + "' lists the tables of the reservoir and does not read them yet.")
        .addContext("Instead", "watershed sql reads streams and archives on one machine.")
        .build(LOG);
  }

  /** Without looking at the tables: listing their names resolves no cut. */
  @Override
  public Collection<Map.Entry<String, TableType>> getTableNamesAndTypes() {
    List<Map.Entry<String, TableType>> tables = new ArrayList<>();
    getTableNames().forEach(name -> tables.add(Map.entry(name, TableType.TABLE)));
    return tables;
  }

  @Override
  public boolean areTableNamesCaseSensitive() {
    return false;
  }
}
