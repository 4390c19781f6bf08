package io.watershed.query.hot;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.TestPending;
import io.watershed.archive.hot.HotTailServer;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.SocketFolder;
import io.watershed.cut.HotTail;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is at the other end: an answer that holds, or none. */
@DisabledOnOs(OS.WINDOWS)
class SocketHotTailTest {
  private static final String RESERVOIR = "file:///reservoir";

  @TempDir Path parent;
  private final TestPending pending = new TestPending().open();
  private SocketFolder folder;
  private HotTail tail;

  @BeforeEach
  void make() throws IOException {
    folder = new SocketFolder(parent.resolve("s"));
    folder.make();
    tail =
        new SocketHotTail(
            folder, RESERVOIR, "orders", LiveReadSettings.DEFAULTS, Duration.ofSeconds(30));
    pending.holds(10, 20, 3, 100);
  }

  private HotAnswer ask() {
    return tail.ask(TestPending.TABLE, Documents.ONE);
  }

  private AutoCloseable serve() {
    return HotTailServer.start(folder, RESERVOIR, Map.of("orders", pending.records));
  }

  @Test
  void anArchiverAnswers() throws Exception {
    try (AutoCloseable server = serve()) {
      assertThat(ask().of(TestPending.SHARD).orElseThrow().records()).hasSize(10);
    }
    assertThat(ask()).isEqualTo(HotAnswer.NONE);
  }

  @Test
  void whoAsksForAnotherTableGetsNothing() throws Exception {
    try (AutoCloseable server = serve()) {
      assertThat(tail.ask(UUID.randomUUID(), Documents.ONE)).isEqualTo(HotAnswer.NONE);
      assertThat(tail.ask(TestPending.TABLE, Documents.MANY)).isEqualTo(HotAnswer.NONE);
    }
  }

  @Test
  void aFolderThatOthersCanEnterIsNotTrusted() throws Exception {
    try (AutoCloseable server = serve()) {
      Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwx---"));
      assertThat(ask()).isEqualTo(HotAnswer.NONE);
    }
  }

  @Test
  void anAnswerLargerThanTheLiveReadMayBeIsNotTaken() throws Exception {
    LiveReadSettings few =
        new LiveReadSettings(9, 1 << 20, Duration.ofSeconds(1), Duration.ofSeconds(1), 10, 1);
    try (AutoCloseable server = serve()) {
      assertThat(
              new SocketHotTail(folder, RESERVOIR, "orders", few)
                  .ask(TestPending.TABLE, Documents.ONE))
          .isEqualTo(HotAnswer.NONE);
    }
  }

  @Test
  void nobodyListening() throws Exception {
    assertThat(ask()).isEqualTo(HotAnswer.NONE);
    try (ServerSocketChannel killed = listen()) {
      assertThat(killed.isOpen()).isTrue();
    }
    assertThat(ask()).isEqualTo(HotAnswer.NONE);
  }

  @Test
  void nonsense() throws Exception {
    for (String said : new String[] {"", "HTTP/1.1 200 OK\r\n\r\n", "WSHT\0\7", "WSHT\0\1\3\0"}) {
      try (ServerSocketChannel server = listen()) {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> say(server, said));
        assertThat(ask()).isEqualTo(HotAnswer.NONE);
        other.join();
      }
      Files.delete(socket());
    }
  }

  /** A stopped process, or one in a long collection: accepted, and then nothing. */
  @Test
  void silenceIsNotWaitedFor() throws Exception {
    try (ServerSocketChannel server = listen()) {
      long before = System.nanoTime();
      assertThat(
              new SocketHotTail(folder, RESERVOIR, "orders", LiveReadSettings.DEFAULTS)
                  .ask(TestPending.TABLE, Documents.ONE))
          .isEqualTo(HotAnswer.NONE);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
      assertThat(server.isOpen()).isTrue();
    }
  }

  private Path socket() throws IOException {
    return folder.socket(RESERVOIR, "orders");
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket()));
  }

  private static void say(ServerSocketChannel server, String text) {
    try (SocketChannel channel = server.accept()) {
      int unused =
          channel.write(
              ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
