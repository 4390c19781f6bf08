package io.watershed.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowS3Test {
  @Test
  void theS3StoreReadsAndCreatesAndTheEndpointCountsWhatItServes(@TempDir Path folder)
      throws Exception {
    Path data = Files.createDirectories(folder.resolve("water/orders/data"));
    Files.write(data.resolve("a.parquet"), bytes("0123456789"));
    try (SlowS3 s3 = SlowS3.start(folder, Duration.ofMillis(1));
        Reservoir reservoir = Reservoir.open(SlowS3.location("water"), s3.access())) {
      ObjectStore store = reservoir.store();

      assertThat(store.getRange("orders/data/a.parquet", 3, 4)).isEqualTo(bytes("3456"));
      assertThat(s3.dataBytes()).isEqualTo(4);
      assertThat(store.get("orders/data/a.parquet", 100)).contains(bytes("0123456789"));
      assertThat(s3.dataBytes()).isEqualTo(14);
      assertThat(store.get("orders/none", 100)).isEmpty();
      assertThat(store.stat("orders/none")).isEmpty();
      assertThat(store.createIfAbsent("receipts/1.json", bytes("{}")))
          .isEqualTo(CreateOutcome.CREATED);
      assertThat(store.createIfAbsent("receipts/1.json", bytes("[]")))
          .isEqualTo(CreateOutcome.EXISTS);
      assertThat(store.get("receipts/1.json", 100)).contains(bytes("{}"));
      assertThat(store.listFolders("")).containsExactly("orders", "receipts");
      assertThat(
              StreamSupport.stream(store.list("orders/").spliterator(), false).map(ObjectInfo::key))
          .containsExactly("orders/data/a.parquet");
      assertThat(s3.requests()).isGreaterThanOrEqualTo(8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
