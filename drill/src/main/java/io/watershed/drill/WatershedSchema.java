package io.watershed.drill;

import io.watershed.cut.StreamNames.Side;
import io.watershed.drill.read.ReadErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.schema.Schema.TableType;
import org.apache.calcite.schema.Table;
import org.apache.drill.exec.store.AbstractSchema;
import org.jspecify.annotations.Nullable;

/** The tables of one statement's schema tree, all of one cut. */
final class WatershedSchema extends AbstractSchema {
  private final WatershedPlugin plugin;
  private final String userName;
  private @Nullable Cut cut;

  WatershedSchema(WatershedPlugin plugin, String userName) {
    super(List.of(), plugin.getName());
    this.plugin = plugin;
    this.userName = userName;
  }

  private synchronized Cut cut() {
    Cut begun = cut == null ? new Cut(plugin.water()) : cut;
    cut = begun;
    return begun;
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

  /** Pins the stream's part of the statement's cut, which can take as long as a live read. */
  @Override
  public @Nullable Table getTable(String name) {
    return ReadErrors.translating(
        () ->
            plugin
                .water()
                .streams()
                .find(name)
                .map(
                    meaning ->
                        PinnedTable.of(
                            plugin, cut().pin(meaning.stream(), meaning.side()), meaning.side()))
                .map(table -> new CutTable(table, userName))
                .orElse(null));
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
