package io.watershed.archive.hot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.archive.TestPending;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.ChannelStreams;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.hottail.HotShard;
import io.watershed.core.hottail.HotTailReader;
import io.watershed.core.hottail.SocketFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class HotTailServerTest {
  private static final String RESERVOIR = "file:///reservoir";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  @TempDir Path parent;
  private final TestPending pending = new TestPending().open();

  private SocketFolder folder() {
    return new SocketFolder(parent.resolve("s"));
  }

  private HotTailServer serve(Duration answerLimit, Duration lookInterval) throws IOException {
    return serve("orders", pending, answerLimit, lookInterval);
  }

  private HotTailServer serve(
      String stream, TestPending of, Duration answerLimit, Duration lookInterval)
      throws IOException {
    return HotTailServer.open(
        folder(), RESERVOIR, Map.of(stream, of.records), answerLimit, lookInterval);
  }

  private Path socket() throws IOException {
    return folder().socket(RESERVOIR, "orders");
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
  }

  private HotAnswer ask() throws IOException {
    return ask("orders", TestPending.TABLE, Documents.ONE);
  }

  private HotAnswer ask(String stream, UUID table, Documents documents) throws IOException {
    HotQuestion question = new HotQuestion(table, stream, documents);
    Path path = folder().socket(RESERVOIR, stream);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return HotTailReader.ask(
          ChannelStreams.input(channel),
          ChannelStreams.output(channel),
          question,
          1_000_000,
          1L << 30,
          () -> {});
    }
  }

  private static List<String> positions(HotAnswer answer) {
    HotShard shard = answer.of(TestPending.SHARD).orElseThrow();
    return shard.records().stream().map(r -> r.position().text()).toList();
  }

  private static List<String> range(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(Long::toString).toList();
  }

  @Test
  void aStatementGetsWhatIsHeld() throws Exception {
    pending.holds(10, 25, 4, 100);
    try (HotTailServer server = serve(LONG, LONG)) {
      HotAnswer answer = ask();
      assertThat(positions(answer)).isEqualTo(range(11, 25));
      assertThat(answer.of(TestPending.SHARD).orElseThrow().low().lastPosition())
          .contains(TestPending.position(10));
      pending.holds(25, 27, 4, 100);
      assertThat(positions(ask())).isEqualTo(range(26, 27));
    }
  }

  @Test
  void onlyItsOwnerCanReachTheSocketAndItIsRemovedAtTheEnd() throws Exception {
    try (HotTailServer server = serve(LONG, LONG)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
      folder().check(socket());
    }
    try (var left = Files.list(folder().path())) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whoeverAsksForSomethingElseIsRefused() throws Exception {
    pending.holds(10, 12, 4, 100);
    try (HotTailServer server = serve(LONG, LONG)) {
      UUID other = UUID.fromString("00000000-0000-4000-8000-000000000000");
      assertThatThrownBy(() -> ask("orders", other, Documents.ONE)).hasMessageContaining("table");
      assertThatThrownBy(() -> ask("orders", TestPending.TABLE, Documents.MANY))
          .hasMessageContaining("apart");
      Files.createLink(folder().socket(RESERVOIR, "clicks"), socket());
      assertThatThrownBy(() -> ask("clicks", TestPending.TABLE, Documents.ONE))
          .hasMessageContaining("another stream");
    }
  }

  /** Fenced, opening again, or at its end. */
  @Test
  void anArchiverThatLetGoOfItsStreamRefuses() throws Exception {
    pending.holds(10, 12, 4, 100);
    try (HotTailServer server = serve(LONG, LONG)) {
      pending.close();
      assertThatThrownBy(this::ask).hasMessageContaining("nothing is being archived");
      pending.open();
      assertThat(ask().shards()).isEmpty();
    }
  }

  @Test
  void theSocketOfAKilledArchiverIsReplaced() throws Exception {
    folder().make();
    try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertThat(socket()).exists();
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
    pending.holds(1, 2, 1, 1);
    try (HotTailServer server = serve(LONG, LONG)) {
      assertThat(positions(ask())).isEqualTo(range(2, 2));
    }
  }

  @Test
  void theLaterOfTwoArchiversAnswersAndTheFirstLeavesItsSocketAlone() throws Exception {
    pending.holds(1, 2, 1, 1);
    TestPending later = new TestPending().open();
    later.holds(1, 3, 1, 1);
    HotTailServer first = serve(LONG, LONG);
    try (HotTailServer second = serve("orders", later, LONG, LONG)) {
      assertThat(positions(ask())).isEqualTo(range(2, 3));
      first.close();
      assertThat(positions(ask())).isEqualTo(range(2, 3));
    }
  }

  @Test
  void theFirstOfTwoArchiversListensAgainWhenTheLaterOneIsGone() throws Exception {
    pending.holds(1, 2, 1, 1);
    try (HotTailServer first = serve(LONG, SHORT)) {
      serve("orders", new TestPending().open(), LONG, LONG).close();
      await(() -> Files.exists(path()));
      assertThat(positions(ask())).isEqualTo(range(2, 2));
    }
    assertThat(socket()).doesNotExist();
  }

  @Test
  void aSocketThatWasSweptAwayComesBack() throws Exception {
    pending.holds(1, 2, 1, 1);
    try (HotTailServer server = serve(LONG, SHORT)) {
      Files.delete(socket());
      Files.delete(folder().path());
      await(() -> Files.exists(path()));
      assertThat(positions(ask())).isEqualTo(range(2, 2));
    }
  }

  @Test
  void archiversOfDifferentStreamsStandSideBySide() throws Exception {
    pending.holds(1, 2, 1, 1);
    TestPending clicks = new TestPending().open();
    clicks.holds(1, 4, 1, 1);
    try (HotTailServer one = serve(LONG, LONG);
        HotTailServer other = serve("clicks", clicks, LONG, LONG)) {
      assertThat(positions(ask())).isEqualTo(range(2, 2));
      assertThat(positions(ask("clicks", TestPending.TABLE, Documents.ONE))).isEqualTo(range(2, 4));
    }
  }

  /** Commits let go of what a slow statement has not got yet: what is gone must not look whole. */
  @Test
  void recordsThatWereCommittedWhileTheyWereSentAreWithdrawn() throws Exception {
    pending.holds(0, 400, 10, 100_000);
    try (HotTailServer server = serve(LONG, LONG);
        SlowStatement slow = new SlowStatement()) {
      slow.readSome();
      pending.holds(399, 400, 10, 100_000);
      assertThat(slow.readAll().shards()).isEmpty();
    }
  }

  @Test
  void recordsThatCameWhileOthersWereSentAreNotPartOfTheAnswer() throws Exception {
    pending.holds(0, 395, 10, 100_000);
    try (HotTailServer server = serve(LONG, LONG);
        SlowStatement slow = new SlowStatement()) {
      slow.readSome();
      pending.holds(0, 500, 10, 100_000);
      assertThat(positions(slow.readAll())).isEqualTo(range(1, 395));
    }
  }

  @Test
  void aStatementThatDoesNotTakeItsAnswerIsCutOff() throws Exception {
    pending.holds(0, 400, 10, 100_000);
    try (HotTailServer server = serve(SHORT, LONG);
        SlowStatement slow = new SlowStatement()) {
      slow.readSome();
      await(slow::isCutOff);
      assertThatThrownBy(slow::readAll).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aStatementThatNeverAsksOrAsksNonsenseIsCutOff() throws Exception {
    pending.holds(1, 2, 1, 1);
    try (HotTailServer server = serve(SHORT, LONG);
        SocketChannel silent = connect();
        SocketChannel noisy = connect()) {
      OutputStream out = ChannelStreams.output(noisy);
      out.write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      out.flush();
      drain(noisy);
      drain(silent);
      assertThat(positions(ask())).isEqualTo(range(2, 2));
    }
  }

  @Test
  void aCrowdOfStatementsIsTurnedAwayNotQueuedForEver() throws Exception {
    List<SocketChannel> crowd = new ArrayList<>();
    try (HotTailServer server = serve(LONG, LONG)) {
      for (int i = 0; i < 2 + 16 + 1; i++) {
        crowd.add(connect());
      }
      // The last one is closed at once; the others wait for their turn.
      int unused = ChannelStreams.input(crowd.get(crowd.size() - 1)).read();
      assertThat(unused).isEqualTo(-1);
    } finally {
      for (SocketChannel channel : crowd) {
        channel.close();
      }
    }
  }

  @Test
  void anArchiverThatEndsInTheMiddleOfAnAnswerIsNoAnswer() throws Exception {
    pending.holds(0, 400, 10, 100_000);
    try (SlowStatement slow = slowStatementOf(serve(LONG, LONG))) {
      assertThatThrownBy(slow::readAll).isInstanceOf(IOException.class);
    }
  }

  private SlowStatement slowStatementOf(HotTailServer server) throws IOException {
    try (server) {
      SlowStatement slow = new SlowStatement();
      slow.readSome();
      return slow;
    }
  }

  @Test
  void whereNoSocketCanBeMadeTheArchiverDoesWithout() throws Exception {
    SocketFolder tooLong = new SocketFolder(parent.resolve("x".repeat(100)));
    HotTailServer.start(tooLong, RESERVOIR, Map.of("orders", pending.records)).close();
    Path file = Files.createFile(parent.resolve("file"));
    HotTailServer.start(new SocketFolder(file), RESERVOIR, Map.of("orders", pending.records))
        .close();
    assertThat(file).isRegularFile();
  }

  /** Asks, and takes its answer only when it is told to. */
  private final class SlowStatement implements AutoCloseable {
    private final SocketChannel channel = connect();
    private final InputStream in = ChannelStreams.input(channel);
    private final List<Byte> first = new ArrayList<>();

    SlowStatement() throws IOException {}

    void readSome() throws IOException {
      InputStream nothing = InputStream.nullInputStream();
      assertThatThrownBy(() -> ask(nothing)).isInstanceOf(IOException.class);
      for (int i = 0; i < 1000; i++) {
        first.add((byte) in.read());
      }
    }

    HotAnswer readAll() throws IOException {
      byte[] begun = new byte[first.size()];
      for (int i = 0; i < begun.length; i++) {
        begun[i] = first.get(i);
      }
      return HotTailReader.ask(
          new java.io.SequenceInputStream(new java.io.ByteArrayInputStream(begun), in),
          OutputStream.nullOutputStream(),
          new HotQuestion(TestPending.TABLE, "orders", Documents.ONE),
          1_000_000,
          1L << 30,
          () -> {});
    }

    private HotAnswer ask(InputStream answer) throws IOException {
      return HotTailReader.ask(
          answer,
          ChannelStreams.output(channel),
          new HotQuestion(TestPending.TABLE, "orders", Documents.ONE),
          1,
          1,
          () -> {});
    }

    /** Nobody reads what is written here; only to a closed socket it cannot be written. */
    boolean isCutOff() {
      try {
        OutputStream out = ChannelStreams.output(channel);
        out.write(0);
        out.flush();
        return false;
      } catch (IOException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private Path path() {
    try {
      return socket();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads until the other side has closed. */
  private static void drain(SocketChannel channel) throws IOException {
    try {
      byte[] unused = ChannelStreams.input(channel).readAllBytes();
    } catch (IOException e) {
      // Closed with unread bytes: as good.
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(2);
    }
  }
}
