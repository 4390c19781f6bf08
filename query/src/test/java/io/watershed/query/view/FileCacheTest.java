package io.watershed.query.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
  @TempDir Path folder;

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void aFileIsFetchedOnceAndReadInPlaceAfterwards() throws Exception {
    FileCache cache = cache(1000);
    DataFileInfo file = object("a", 100);
    Path first = cache.localize(List.of(file)).get(0);
    assertThat(Files.readAllBytes(first)).isEqualTo(objects.get("a"));
    assertThat(cache.localize(List.of(file, file))).containsExactly(first, first);
    assertThat(opened).hasValue(1);
  }

  @Test
  void aCachedFileOfAnotherSizeIsFetchedAgainAndABrokenObjectIsNamed() throws Exception {
    FileCache cache = cache(1000);
    DataFileInfo file = object("a", 100);
    Path path = cache.localize(List.of(file)).get(0);
    Files.write(path, new byte[7]);
    assertThat(cache.localize(List.of(file)).get(0)).hasSize(100);

    Files.delete(path);
    objects.put("a", new byte[99]);
    assertThatThrownBy(() -> cache.localize(List.of(file)))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INTEGRITY);
              assertThat(e.getMessage()).contains("99 bytes, not 100");
            });
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void theLeastRecentlyUsedFilesGoAndThoseInUseStay() {
    FileCache cache = cache(250);
    Path a = cache.localize(List.of(object("a", 100))).get(0);
    later(1);
    Path b = cache.localize(List.of(object("b", 100))).get(0);
    later(60 * 60);
    cache.localize(List.of(object("a", 100)));
    Path c = cache.localize(List.of(object("c", 100))).get(0);
    assertThat(b).doesNotExist();
    assertThat(a).exists();
    assertThat(c).exists();
    // Everything was used a moment ago: the bound gives way, not a running statement.
    Path d = cache.localize(List.of(object("d", 100))).get(0);
    assertThat(a).exists();
    assertThat(c).exists();
    assertThat(d).exists();
  }

  @Test
  void aStatementThatNeedsMoreThanTheBoundIsRefused() {
    FileCache cache = cache(250);
    assertThatThrownBy(() -> cache.localize(List.of(object("a", 200), object("b", 100))))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    assertThat(opened).hasValue(0);
  }

  private void later(int seconds) {
    now.updateAndGet(time -> time.plusSeconds(seconds));
  }

  private FileCache cache(long maxBytes) {
    ObjectStore remote =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "localPath" -> Optional.empty();
                      case "open" -> {
                        opened.incrementAndGet();
                        yield new ByteArrayInputStream(objects.get((String) arguments[0]));
                      }
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new FileCache(remote, folder, maxBytes, Runnable::run, now::get);
  }

  private DataFileInfo object(String key, int size) {
    objects.computeIfAbsent(key, k -> k.repeat(size).getBytes());
    return new DataFileInfo(
        key,
        size,
        1,
        LocalDate.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of());
  }
}
