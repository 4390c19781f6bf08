package io.watershed.drill;

import io.watershed.drill.system.SystemTable;
import io.watershed.drill.system.SystemTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Tables about the archives, and the receipts of statements that a drillbit planned. */
final class AboutTables {
  private AboutTables() {}

  /** By name. */
  static Map<String, SystemTable> of(WatershedPlugin plugin) {
    Map<String, SystemTable> tables = new TreeMap<>(SystemTables.of(plugin.water().reservoir()));
    tables.put("receipts", receipts(plugin.receipts()));
    return tables;
  }

  private static SystemTable receipts(ReceiptLog log) {
    SystemTable table =
        SystemTable.named("receipts")
            .time("asked_at")
            .text("user_name")
            .text("receipt")
            .text("streams")
            .text("notices")
            .text("body");
    return table.filled(
        () -> {
          List<List<Object>> rows = new ArrayList<>();
          for (ReceiptLog.Entry entry : log.entries()) {
            rows.add(
                SystemTable.row(
                    entry.time(),
                    entry.userName(),
                    entry.receipt().id(),
                    entry.receipt().streams().stream()
                        .map(pinned -> pinned.stream())
                        .collect(Collectors.joining(", ")),
                    String.join(" ", entry.notices()),
                    entry.receipt().body()));
          }
          return rows;
        });
  }
}
