package io.watershed.glue;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.AwsAccess;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ColumnType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a reservoir on disk: where it is makes no difference to what is followed. */
class GlueMirrorTest {
  @TempDir Path folder;

  private GlueEndpoint glue;
  private Reservoir reservoir;

  @BeforeEach
  void open() throws IOException {
    glue = GlueEndpoint.start();
    reservoir = Reservoir.open(folder.toString(), AwsAccess.DEFAULT);
  }

  @AfterEach
  void close() {
    reservoir.close();
    glue.close();
  }

  @Test
  void whatIsCommittedIsInGlueWhenTheMirrorIsClosed() {
    GlueMirror mirror = follow();
    ArchiveTable orders = reservoir.createOrLoad("orders");
    orders.fence(orders.fence(orders.load()));
    mirror.close();

    assertThat(glue.parameter("shed.orders", "metadata_location"))
        .isEqualTo(orders.pointer().metadataLocation())
        .endsWith("/orders/metadata/v3.metadata.json");
    assertThat(glue.optimizer("shed.orders", "compaction")).isEqualTo("off");
    assertThat(orders.pointer().columns())
        .contains(new ColumnType(2, "_shard_id", false, "string"))
        .extracting(ColumnType::hiveType)
        .contains("timestamp", "binary", "bigint");
    assertThat(mirror.status())
        .containsExactly(
            new MirrorStatus(
                "orders", 3, java.util.Optional.empty(), java.util.Optional.empty(), 0));
  }

  @Test
  void whatFailedAtFirstIsTriedAgainBeforeTheMirrorIsClosed() {
    glue.failNext("GetTable", "InternalServiceException", () -> {});
    GlueMirror mirror = follow();
    ArchiveTable orders = reservoir.createOrLoad("orders");
    orders.fence(orders.load());
    mirror.close();

    assertThat(glue.parameter("shed.orders", "metadata_location"))
        .isEqualTo(orders.pointer().metadataLocation());
  }

  @Test
  void withoutACommitNothingIsAskedOfGlue() {
    reservoir.createOrLoad("orders").load();
    follow().close();

    assertThat(glue.requests()).isEmpty();
  }

  @Test
  void aCommitSucceedsWhileGlueFailsAndTheTableIsBroughtUpToDateLater() {
    for (int i = 0; i < 2; i++) {
      glue.failNext("GetTable", "InternalServiceException", () -> {});
    }
    try (GlueMirror mirror = follow()) {
      ArchiveTable orders = reservoir.createOrLoad("orders");
      orders.fence(orders.load());

      assertThat(orders.load().generation()).isEqualTo(1);
      await(() -> mirror.status().stream().anyMatch(status -> status.error().isPresent()));
      await(() -> !glue.parameter("shed.orders", "metadata_location").isEmpty());
      await(() -> mirror.status().stream().allMatch(status -> status.error().isEmpty()));
    }
  }

  @Test
  void aForeignChangeIsCounted() {
    try (GlueMirror mirror = follow()) {
      ArchiveTable orders = reservoir.createOrLoad("orders");
      orders.fence(orders.load());
      await(() -> mirror.status().stream().anyMatch(status -> status.version() == 2));
      glue.set("shed.orders", "metadata_location", "s3://elsewhere/v1.metadata.json");
      orders.fence(orders.load());

      await(() -> mirror.status().stream().anyMatch(status -> status.version() == 3));
      assertThat(mirror.status()).extracting(MirrorStatus::alarms).isEqualTo(List.of(1L));
    }
  }

  private GlueMirror follow() {
    return GlueMirror.follow(reservoir, GlueTablesTest.settings(glue), InstantSource.system());
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
