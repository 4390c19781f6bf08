package io.watershed.cli.put;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.cli.put.RecordPacks.Pack;
import io.watershed.core.aggregate.Aggregate;
import io.watershed.core.aggregate.AggregateReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RecordPacksTest {
  @Test
  void withOneRecordAPackNothingIsPacked() {
    RecordPacks packs = new RecordPacks(1);

    assertThat(packs.add("key", new byte[] {1}, 7))
        .singleElement()
        .satisfies(
            pack -> {
              assertThat(pack.entry().partitionKey()).isEqualTo("key");
              assertThat(pack.entry().payload()).containsExactly(1);
              assertThat(pack.through()).isEqualTo(7);
            });
    assertThat(packs.rest()).isEmpty();
  }

  @Test
  void aKeysRecordsStayInOrderAndAPackNeverPromisesWhatIsNotPut() {
    RecordPacks packs = new RecordPacks(4);
    List<Pack> put = new ArrayList<>();
    for (int number = 1; number <= 500; number++) {
      // Every 50th is so large that it does not fit beside another.
      String text = number + " ".repeat(number % 50 == 0 ? 200_000 : 0);
      put.addAll(packs.add("key-" + number % 13, text.getBytes(StandardCharsets.UTF_8), number));
    }
    put.addAll(packs.rest());

    Set<Integer> seen = new TreeSet<>();
    Map<String, Integer> lastOfKey = new HashMap<>();
    Map<String, String> packOfKey = new HashMap<>();
    for (Pack pack : put) {
      Aggregate.Of records = (Aggregate.Of) AggregateReader.read(pack.entry().payload());
      assertThat(records.records()).hasSizeBetween(1, 4);
      for (Aggregate.UserRecord record : records.records()) {
        int number = Integer.parseInt(new String(record.payload(), StandardCharsets.UTF_8).strip());
        assertThat(record.partitionKey()).isEqualTo("key-" + number % 13);
        assertThat(lastOfKey.getOrDefault(record.partitionKey(), 0)).isLessThan(number);
        lastOfKey.put(record.partitionKey(), number);
        packOfKey.putIfAbsent(record.partitionKey(), pack.entry().partitionKey());
        assertThat(packOfKey.get(record.partitionKey())).isEqualTo(pack.entry().partitionKey());
        seen.add(number);
      }
      for (int number = 1; number <= pack.through(); number++) {
        assertThat(seen).contains(number);
      }
    }
    assertThat(seen).hasSize(500);
    assertThat(put.get(put.size() - 1).through()).isEqualTo(500);
    assertThat(new HashSet<>(packOfKey.values())).hasSizeGreaterThan(1);
  }
}
