package io.watershed.drill;

import io.watershed.cut.Receipt;
import io.watershed.cut.StreamNames.Meaning;
import io.watershed.cut.StreamNames.Side;
import io.watershed.drill.read.ReadErrors;
import io.watershed.drill.system.SystemTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Schema.TableType;
import org.apache.calcite.schema.Table;
import org.apache.drill.exec.store.AbstractSchema;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one statement's schema tree, all of one cut: a fresh one, or in a schema below that
 * is named by a receipt, that of the receipt.
 */
final class WatershedSchema extends AbstractSchema {
  private static final Pattern RECEIPT = Pattern.compile("[0-9a-f]{8,64}");

  private final WatershedPlugin plugin;
  private final String userName;
  private final boolean isTop;
  private final Map<String, Schema> below = new HashMap<>();
  private final Optional<Receipt> asOf;
  private @Nullable Cut cut;

  private WatershedSchema(
      WatershedPlugin plugin,
      String userName,
      List<String> above,
      String name,
      Optional<Receipt> asOf) {
    super(above, name);
    this.plugin = plugin;
    this.userName = userName;
    this.isTop = above.isEmpty();
    this.asOf = asOf;
  }

  /** The plugin's own schema. */
  static WatershedSchema of(WatershedPlugin plugin, String userName) {
    return new WatershedSchema(plugin, userName, List.of(), plugin.getName(), Optional.empty());
  }

  private synchronized Cut cut() {
    Cut begun = cut == null ? new Cut(plugin.water(), plugin.receipts(), userName, asOf) : cut;
    cut = begun;
    return begun;
  }

  @Override
  public String getTypeName() {
    return WatershedPluginConfig.TYPE;
  }

  @Override
  public Set<String> getTableNames() {
    Set<String> names = new TreeSet<>(about().keySet());
    for (String stream : plugin.water().streams().streams()) {
      for (Side side : Side.values()) {
        names.add(stream + side.suffix());
      }
    }
    return names;
  }

  /**
   * Pins the stream's part of the statement's cut, which can take as long as a live read. A stream
   * of the same name hides a table about the archives.
   */
  @Override
  public @Nullable Table getTable(String name) {
    return ReadErrors.translating(
        () -> {
          Optional<Meaning> meaning = plugin.water().streams().find(name);
          if (meaning.isPresent()) {
            Side side = meaning.get().side();
            return new CutTable(
                PinnedTable.of(plugin, cut().pin(meaning.get().stream(), side), side), userName);
          }
          SystemTable about = about().get(name.toLowerCase(Locale.ROOT));
          return about == null ? null : new ValuesTable(plugin, userName, about);
        });
  }

  private Map<String, SystemTable> about() {
    return isTop ? AboutTables.of(plugin) : Map.of();
  }

  @Override
  public synchronized @Nullable Schema getSubSchema(String name) {
    if (!isTop || !RECEIPT.matcher(name).matches()) {
      return null;
    }
    return below.computeIfAbsent(
        name,
        id -> {
          Receipt receipt = ReadErrors.translating(() -> plugin.water().receipts().find(id));
          return new WatershedSchema(plugin, userName, getSchemaPath(), id, Optional.of(receipt));
        });
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
