package io.watershed.reservoir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreProbeTest {
  @TempDir Path folder;

  @Test
  void aStoreThatIgnoresTheConditionIsRefused() {
    assertRefused(
        new ForwardingStore(new DiskStore(folder)) {
          @Override
          public CreateOutcome createIfAbsent(String key, byte[] content) {
            put(key, content);
            return CreateOutcome.CREATED;
          }
        });
  }

  @Test
  void aStoreThatLooksAndThenWritesIsRefused() {
    assertRefused(
        new ForwardingStore(new DiskStore(folder)) {
          @Override
          public CreateOutcome createIfAbsent(String key, byte[] content) {
            boolean free = stat(key).isEmpty();
            Thread.yield();
            if (free) {
              put(key, content);
            }
            return free ? CreateOutcome.CREATED : CreateOutcome.EXISTS;
          }
        });
  }

  @Test
  void aStoreThatChangesTheBytesIsRefused() {
    assertRefused(
        new ForwardingStore(new DiskStore(folder)) {
          @Override
          public Optional<byte[]> get(String key, long maxBytes) {
            return super.get(key, maxBytes).map(bytes -> Arrays.copyOf(bytes, bytes.length + 1));
          }
        });
  }

  private void assertRefused(ObjectStore broken) {
    assertThatThrownBy(() -> new StoreProbe(broken).run())
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_NOT_CONDITIONAL));
    assertThat(broken.list("")).isEmpty();
  }
}
