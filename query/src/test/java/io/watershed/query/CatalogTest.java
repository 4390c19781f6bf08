package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  @TempDir Path folder;

  @Test
  void aStreamNamedLikeAKeywordHasColumns() throws Exception {
    try (Water water = new Water(folder, "order")) {
      water.putOrders("order", 1, 3);
      water.archive("order");
      Catalog catalog = new Catalog(water.engine, () -> List.of("order"), InstantSource.system());
      assertThat(catalog.tables()).contains("\"order\"", "order_archive", "watershed.shards");
      assertThat(catalog.columns("\"order\""))
          .extracting(ResultColumn::name)
          .contains("id", "amount");
    }
  }

  @Test
  void aStreamIsFoundInTheEnginesOwnSchemaToo() throws Exception {
    try (Water water = new Water(folder, "orders")) {
      water.putOrders("orders", 1, 3);
      assertThat(water.ask("SELECT count(*) FROM main.orders").single()).isEqualTo(3L);
      assertThat(water.ask("SELECT count(*) FROM MAIN.orders AS o WHERE o.id > 1").single())
          .isEqualTo(2L);
      assertThatThrownBy(() -> water.ask("SELECT * FROM main.payments"))
          .hasMessageContaining("payments");
      assertThatThrownBy(
              () -> water.ask("WITH duckdb_views AS (SELECT 1) SELECT * FROM main.duckdb_views"))
          .isInstanceOf(RuntimeException.class);
    }
  }
}
