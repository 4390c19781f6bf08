package io.watershed.core.hottail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class SocketFolderTest {
  @TempDir Path parent;

  @Test
  void theFolderIsForItsOwnerOnly() throws IOException {
    SocketFolder folder = SocketFolder.below(parent.resolve("new"));
    folder.make();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
        .isEqualTo("rwx------");
    folder.make();
    folder.check();
  }

  @Test
  void aFolderThatOthersCanEnterIsRefused() throws IOException {
    for (String mode : new String[] {"rwxr-x---", "rwx-----x", "rwxrwxrwx"}) {
      SocketFolder folder = SocketFolder.below(parent.resolve(mode));
      folder.make();
      Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString(mode));
      assertThatThrownBy(folder::make).hasMessageContaining("open to other users");
      assertThatThrownBy(folder::check).hasMessageContaining("open to other users");
    }
  }

  @Test
  void aLinkInItsPlaceIsRefused() throws IOException {
    SocketFolder real = SocketFolder.below(parent.resolve("real"));
    real.make();
    SocketFolder folder = SocketFolder.below(parent);
    Files.createSymbolicLink(folder.path(), real.path());
    assertThatThrownBy(folder::make).hasMessageContaining("is no folder");
  }

  @Test
  void whatIsNotThereIsSaid() {
    SocketFolder folder = SocketFolder.below(parent);
    assertThatThrownBy(folder::check).hasMessageContaining("is no folder");
    assertThatThrownBy(
            () -> {
              folder.make();
              folder.check(folder.path().resolve("none.sock"));
            })
        .hasMessageContaining("is not there");
  }

  /** Only root can make what belongs to others. */
  @Test
  void anotherUsersFolderIsRefused() throws IOException {
    SocketFolder folder = SocketFolder.below(parent);
    folder.make();
    try {
      Files.setAttribute(folder.path(), "unix:uid", 4321);
    } catch (IOException e) {
      org.junit.jupiter.api.Assumptions.abort("not root");
    }
    assertThatThrownBy(folder::check).hasMessageContaining("belongs to another user");
  }

  @Test
  void eachStreamOfEachReservoirHasItsSocket() throws IOException {
    SocketFolder folder = new SocketFolder(Path.of("/tmp/x"));
    Path socket = folder.socket("s3://b/p", "orders");
    assertThat(folder.socket("s3://b/p", "orders")).isEqualTo(socket);
    assertThat(folder.socket("s3://b/p", "clicks")).isNotEqualTo(socket);
    assertThat(folder.socket("s3://b/q", "orders")).isNotEqualTo(socket);
    assertThat(folder.socket("s3://b/porders", ""))
        .isNotEqualTo(folder.socket("s3://b/p", "orders"));
  }

  @Test
  void aPathThatIsTooLongForASocketIsAnErrorOfItsOwn() {
    SocketFolder folder = new SocketFolder(Path.of("/" + "x".repeat(80)));
    assertThatThrownBy(() -> folder.socket("s3://b/p", "orders"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("100 are possible");
  }
}
