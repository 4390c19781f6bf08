package io.watershed.drill.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.reservoir.store.DiskStore;
import io.watershed.reservoir.store.ForwardingStore;
import io.watershed.reservoir.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.parquet.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As for a reservoir on S3: no object is a file of this machine. */
class RangeStreamTest {
  private static final int SIZE = 300_000;
  private static final String KEY = "orders/data/one.parquet";

  @TempDir Path folder;

  @Test
  void everyReadGivesTheObjectsBytes() throws IOException {
    byte[] content = new byte[SIZE];
    Random random = new Random(5);
    random.nextBytes(content);
    try (ObjectStore store = remote(folder)) {
      store.createIfAbsent(KEY, content);
      try (SeekableInputStream stream = new StoredInput(store, KEY, SIZE).newStream()) {
        for (int i = 0; i < 500; i++) {
          int from = random.nextInt(SIZE);
          int length = random.nextInt(Math.min(SIZE - from, 1 << random.nextInt(18)) + 1);
          stream.seek(from);
          byte[] read = new byte[length];
          stream.readFully(read);
          assertThat(read).isEqualTo(Arrays.copyOfRange(content, from, from + length));
          assertThat(stream.getPos()).isEqualTo(from + length);
        }
        stream.seek(SIZE);
        assertThat(stream.read()).isNegative();
      }
    }
  }

  private static ObjectStore remote(Path folder) {
    return new ForwardingStore(new DiskStore(folder)) {
      @Override
      public Optional<Path> localPath(String key) {
        return Optional.empty();
      }
    };
  }
}
