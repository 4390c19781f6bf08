package io.watershed.reservoir.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store must do; one subclass a store. */
abstract class ObjectStoreContract {
  @TempDir Path temporary;

  abstract ObjectStore store();

  @Test
  void anObjectIsCreatedOnceAndReadBack() {
    assertThat(store().createIfAbsent("a/b.txt", bytes("one"))).isEqualTo(CreateOutcome.CREATED);
    assertThat(store().createIfAbsent("a/b.txt", bytes("two"))).isEqualTo(CreateOutcome.EXISTS);
    assertThat(store().get("a/b.txt", 100))
        .hasValueSatisfying(b -> assertThat(b).isEqualTo(bytes("one")));
  }

  @Test
  void theSameBytesCountAsCreatedByUs() {
    store().createIfAbsent("same", bytes("one"));
    assertThat(store().createIfAbsent("same", bytes("one"))).isEqualTo(CreateOutcome.CREATED);
  }

  @Test
  void ofManyRacersOneWins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 10; round++) {
        String key = "race/" + round;
        List<Callable<CreateOutcome>> tasks = new ArrayList<>();
        for (int racer = 0; racer < 8; racer++) {
          byte[] content = bytes("racer " + racer);
          tasks.add(() -> store().createIfAbsent(key, content));
        }
        int winners = 0;
        for (Future<CreateOutcome> outcome : threads.invokeAll(tasks)) {
          winners += outcome.get() == CreateOutcome.CREATED ? 1 : 0;
        }
        assertThat(winners).isOne();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsNotThereIsEmptyOrAnErrorThatNamesIt() {
    assertThat(store().get("missing", 1)).isEmpty();
    assertThat(store().stat("missing/too")).isEmpty();
    store().delete("missing");
    assertThatThrownBy(() -> store().open("missing").close())
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORE);
              assertThat(e).hasMessageContaining("missing");
            });
    assertThatThrownBy(() -> store().getRange("missing", 0, 1))
        .isInstanceOf(WatershedException.class);
  }

  @Test
  void rangesStopAtTheEnd() {
    store().put("range", bytes("0123456789"));
    assertThat(store().getRange("range", 2, 3)).isEqualTo(bytes("234"));
    assertThat(store().getRange("range", 8, 100)).isEqualTo(bytes("89"));
  }

  @Test
  void putReplaces() {
    store().put("hint", bytes("1"));
    store().put("hint", bytes("2"));
    assertThat(store().get("hint", 10))
        .hasValueSatisfying(b -> assertThat(b).isEqualTo(bytes("2")));
  }

  @Test
  void aFileIsUploadedWhole() throws Exception {
    byte[] content = new byte[3_000_000];
    new java.util.Random(7).nextBytes(content);
    Path file = Files.write(temporary.resolve("upload"), content);
    store().upload("data/day=2026-11-23/f.parquet", file);
    assertThat(store().stat("data/day=2026-11-23/f.parquet").orElseThrow().sizeBytes())
        .isEqualTo(content.length);
    try (InputStream in = store().open("data/day=2026-11-23/f.parquet")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void anObjectAboveTheBoundIsRefused() {
    store().put("large", new byte[100]);
    assertThatThrownBy(() -> store().get("large", 99))
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
  }

  @Test
  void keysAreListedInOrderWithSizeAndTime() {
    Instant before = Instant.now().minus(Duration.ofMinutes(1));
    for (String key : List.of("l/a/2", "l/a-1", "l/a/1", "l/b", "la", "l/a", "l/a.x/1")) {
      if (!key.equals("l/a")) { // a file and a folder of one name exist on S3 only
        store().put(key, bytes(key));
      }
    }
    List<ObjectInfo> listed = new ArrayList<>();
    store().list("l/").forEach(listed::add);
    assertThat(listed)
        .extracting(ObjectInfo::key)
        .containsExactly("l/a-1", "l/a.x/1", "l/a/1", "l/a/2", "l/b");
    assertThat(listed).allSatisfy(o -> assertThat(o.sizeBytes()).isEqualTo(o.key().length()));
    assertThat(listed).allSatisfy(o -> assertThat(o.lastModified()).isAfter(before));
    assertThat(store().list("l/a"))
        .extracting(ObjectInfo::key)
        .containsExactly("l/a-1", "l/a.x/1", "l/a/1", "l/a/2");
    assertThat(store().list("nothing/here")).isEmpty();
    assertThat(store().listFolders("l/")).containsExactly("a", "a.x");
    assertThat(store().listFolders("nothing/")).isEmpty();
  }

  @Test
  void aDeletedObjectIsGoneAndItsNameFree() {
    store().createIfAbsent("gone", bytes("1"));
    store().delete("gone");
    assertThat(store().stat("gone")).isEmpty();
    assertThat(store().createIfAbsent("gone", bytes("2"))).isEqualTo(CreateOutcome.CREATED);
  }

  @Test
  void keysThatLeaveTheRootAreRefused() {
    for (String key :
        List.of("../x", "a/../../x", "/x", "a//b", "", "a/", ".", "a b", "x\0", "a\\b")) {
      assertThatThrownBy(() -> store().put(key, bytes("x")))
          .as(key)
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }

  @Test
  void theProbePassesAndLeavesNothing() {
    new StoreProbe(store()).run();
    assertThat(store().list(StoreProbe.PREFIX)).isEmpty();
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
