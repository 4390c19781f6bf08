package io.watershed.reservoir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskStoreTest extends ObjectStoreContract {
  private DiskStore store;

  @BeforeEach
  void open() {
    store = new DiskStore(temporary.resolve("not/yet/there"));
  }

  @Override
  ObjectStore store() {
    return store;
  }

  @Test
  void openingAndReadingCreatesNothing() {
    assertThat(store.list("")).isEmpty();
    assertThat(temporary.resolve("not")).doesNotExist();
  }

  @Test
  void whatACrashLeftIsDeletedWhenItIsOldAndNothingElseIs() throws Exception {
    store.put("kept", bytes("1"));
    Path folder = temporary.resolve("not/yet/there").resolve(DiskStore.TEMPORARY_FOLDER);
    Path old = Files.writeString(folder.resolve("old"), "x");
    Path fresh = Files.writeString(folder.resolve("fresh"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(30))));
    assertThat(store.deleteAbandoned(Duration.ofDays(1))).isOne();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(store.stat("kept")).isPresent();
  }

  @Test
  void noTemporaryFileStaysAndNoneIsListed() throws Exception {
    store.createIfAbsent("a", bytes("1"));
    store.createIfAbsent("a", bytes("2"));
    store.put("b", bytes("3"));
    Path folder = temporary.resolve("not/yet/there").resolve(DiskStore.TEMPORARY_FOLDER);
    assertThat(folder).isEmptyDirectory();
    Files.writeString(folder.resolve("left-over"), "x");
    assertThat(store.list("")).extracting(ObjectStore.ObjectInfo::key).containsExactly("a", "b");
    assertThat(store.listFolders("")).isEmpty();
  }

  @Test
  void aFolderThatIsAFileIsAClearError() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> new DiskStore(file).put("a", bytes("1")))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.STORE);
              assertThat(e.hint()).isNotEmpty();
            });
  }
}
