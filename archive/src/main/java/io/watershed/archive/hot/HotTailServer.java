package io.watershed.archive.hot;

import io.watershed.archive.PendingRecords;
import io.watershed.core.hottail.ChannelStreams;
import io.watershed.core.hottail.SocketFolder;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers what an archiver has read and not committed to statements on this machine, one socket a
 * stream. A statement never delays the archiver: there are {@value #THREADS} threads for all of
 * them, a short queue, and more are turned away; one that does not take its answer within {@link
 * #ANSWER_LIMIT} is cut off. Whoever is turned away reads the stream itself. Thread-safe.
 */
public final class HotTailServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HotTailServer.class);
  private static final int THREADS = 2;
  private static final int QUEUE = 16;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

  private final Selector selector;
  private final SocketFolder folder;
  private final String reservoir;
  private final Map<String, PendingRecords> streams;
  private final Map<String, ListeningSocket> sockets = new HashMap<>();
  private final ThreadPoolExecutor answering;
  private final ScheduledThreadPoolExecutor deadlines;
  private final Duration answerLimit;
  private final Duration lookInterval;
  private final Thread accepting;
  private volatile boolean closed;

  private HotTailServer(
      SocketFolder folder,
      String reservoir,
      Map<String, PendingRecords> streams,
      Duration answerLimit,
      Duration lookInterval)
      throws IOException {
    this.selector = Selector.open();
    this.folder = folder;
    this.reservoir = reservoir;
    this.streams = Map.copyOf(streams);
    this.answerLimit = answerLimit;
    this.lookInterval = lookInterval;
    this.answering =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            daemons("hot-tail-answer"));
    this.answering.allowCoreThreadTimeOut(true);
    this.deadlines = new ScheduledThreadPoolExecutor(1, daemons("hot-tail-deadline"));
    this.deadlines.setRemoveOnCancelPolicy(true);
    this.accepting = daemons("hot-tail").newThread(this::accept);
  }

  /**
   * Listens. Where that is not possible, it says so in one line of the log and does nothing: every
   * statement can do without.
   *
   * @param folder where the sockets are
   * @param reservoir the root of the reservoir
   * @param streams what is offered, by name in the reservoir
   * @return what ends it
   */
  public static AutoCloseable start(
      SocketFolder folder, String reservoir, Map<String, PendingRecords> streams) {
    try {
      return open(folder, reservoir, streams, ANSWER_LIMIT, LOOK_INTERVAL);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.info("Statements do not get records before they are committed: {}", e.getMessage());
      return () -> {};
    }
  }

  /**
   * As {@link #start}, with other bounds.
   *
   * @param answerLimit the longest that an answer takes
   * @param lookInterval pause between two looks whether the sockets are still there
   */
  static HotTailServer open(
      SocketFolder folder,
      String reservoir,
      Map<String, PendingRecords> streams,
      Duration answerLimit,
      Duration lookInterval)
      throws IOException {
    folder.make();
    HotTailServer server = new HotTailServer(folder, reservoir, streams, answerLimit, lookInterval);
    try {
      for (String stream : server.streams.keySet()) {
        server.listen(stream);
      }
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    server.accepting.start();
    LOG.info("Statements get records before they are committed: {}", folder.path());
    return server;
  }

  private void listen(String stream) throws IOException {
    Path path = folder.socket(reservoir, stream);
    ListeningSocket socket = ListeningSocket.open(path);
    ListeningSocket before = sockets.put(stream, socket);
    if (before != null) {
      before.close();
    }
    var unused = socket.channel().configureBlocking(false);
    unused = socket.channel().register(selector, SelectionKey.OP_ACCEPT, stream).channel();
  }

  private void accept() {
    long lookedAt = System.nanoTime();
    while (!closed) {
      try {
        int unused = selector.select(this::accept, lookInterval.toMillis());
        if (System.nanoTime() - lookedAt >= lookInterval.toNanos()) {
          lookedAt = System.nanoTime();
          lookAfterSockets();
        }
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.warn("Statements do not get records before they are committed any more", e);
        }
        return;
      }
    }
  }

  /** A folder for temporary files may be swept. */
  private void lookAfterSockets() throws IOException {
    for (String stream : streams.keySet()) {
      ListeningSocket socket = sockets.get(stream);
      if (socket != null && socket.isDeserted()) {
        folder.make();
        listen(stream);
        LOG.info("{}: nobody listened at its socket any more; listening again", stream);
      }
    }
  }

  private void accept(SelectionKey key) {
    String stream = (String) key.attachment();
    try {
      SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
      if (channel != null) {
        hand(stream, channel);
      }
    } catch (IOException e) {
      LOG.debug("{}: a statement could not be accepted: {}", stream, e.getMessage());
    }
  }

  private void hand(String stream, SocketChannel channel) throws IOException {
    PendingRecords pending = streams.get(stream);
    try {
      if (pending != null) {
        answering.execute(() -> answer(stream, pending, channel));
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("{}: too many statements at once", stream);
      channel.close();
    }
  }

  private void answer(String stream, PendingRecords pending, SocketChannel channel) {
    ScheduledFuture<?> deadline =
        deadlines.schedule(() -> close(channel), answerLimit.toMillis(), TimeUnit.MILLISECONDS);
    try (channel) {
      new HotAnswering(stream, pending)
          .answer(ChannelStreams.input(channel), ChannelStreams.output(channel));
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: a statement was not answered: {}", stream, e.toString());
    } finally {
      boolean unused = deadline.cancel(false);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed: {}", e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Selector unused = selector.wakeup();
    try {
      accepting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    selector.close();
    for (ListeningSocket socket : sockets.values()) {
      socket.close();
    }
    answering.shutdownNow();
    deadlines.shutdownNow();
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
