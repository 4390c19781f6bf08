package io.watershed.query.hot;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.ChannelStreams;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.hottail.HotTailReader;
import io.watershed.core.hottail.SocketFolder;
import io.watershed.cut.HotTail;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks over the local socket of an archiver. One that does not go on within {@link #SILENCE_LIMIT},
 * because it hangs or was stopped, is not waited for.
 */
public final class SocketHotTail implements HotTail {
  private static final Logger LOG = LoggerFactory.getLogger(SocketHotTail.class);
  private static final Duration SILENCE_LIMIT = Duration.ofMillis(500);
  private static final ScheduledThreadPoolExecutor TIMERS = timers();

  private final SocketFolder folder;
  private final String reservoir;
  private final String stream;
  private final LiveReadSettings limits;
  private final Duration silenceLimit;

  /**
   * Nothing is opened before it is asked.
   *
   * @param folder where the sockets are
   * @param reservoir the root of the reservoir
   * @param stream the stream's name in the reservoir
   * @param limits an answer of more records or bytes is not taken
   */
  public SocketHotTail(
      SocketFolder folder, String reservoir, String stream, LiveReadSettings limits) {
    this(folder, reservoir, stream, limits, SILENCE_LIMIT);
  }

  /**
   * With another patience.
   *
   * @param silenceLimit an archiver that says nothing for so long is not waited for
   */
  public SocketHotTail(
      SocketFolder folder,
      String reservoir,
      String stream,
      LiveReadSettings limits,
      Duration silenceLimit) {
    this.folder = folder;
    this.reservoir = reservoir;
    this.stream = stream;
    this.limits = limits;
    this.silenceLimit = silenceLimit;
  }

  @Override
  public HotAnswer ask(UUID table, Documents documents) {
    try {
      Path socket = folder.socket(reservoir, stream);
      folder.check(socket);
      HotAnswer answer = ask(socket, new HotQuestion(table, stream, documents));
      LOG.debug(
          "{}: an archiver holds {} records of {} shards in memory",
          stream,
          answer.shards().values().stream().mapToLong(shard -> shard.records().size()).sum(),
          answer.shards().size());
      return answer;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{}: no answer from an archiver's memory: {}", stream, e.toString());
      return HotAnswer.NONE;
    }
  }

  private HotAnswer ask(Path socket, HotQuestion question) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        Silence silence = new Silence(channel, silenceLimit)) {
      return HotTailReader.ask(
          ChannelStreams.input(channel),
          ChannelStreams.output(channel),
          question,
          limits.maxRecords(),
          limits.maxBytes(),
          silence::isBroken);
    }
  }

  /** Closes a channel on which nothing comes any more; that ends whoever waits for it. */
  private static final class Silence implements AutoCloseable {
    private final SocketChannel channel;
    private final Duration limit;
    private final AtomicLong heardAtNanos = new AtomicLong(System.nanoTime());
    private final ScheduledFuture<?> looking;

    Silence(SocketChannel channel, Duration limit) {
      this.channel = channel;
      this.limit = limit;
      long quarter = limit.toMillis() / 4;
      this.looking =
          TIMERS.scheduleAtFixedRate(this::look, quarter, quarter, TimeUnit.MILLISECONDS);
    }

    void isBroken() {
      heardAtNanos.set(System.nanoTime());
    }

    private void look() {
      if (System.nanoTime() - heardAtNanos.get() > limit.toNanos()) {
        try {
          channel.close();
        } catch (IOException e) {
          LOG.debug("a connection could not be closed: {}", e.getMessage());
        }
      }
    }

    @Override
    public void close() {
      boolean unused = looking.cancel(false);
    }
  }

  private static ScheduledThreadPoolExecutor timers() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "hot-tail-silence");
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }
}
