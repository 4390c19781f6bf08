package io.watershed.server.record;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.ServerSettings.Limits;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.StatementControl;
import io.watershed.query.follow.FollowOutcome;
import io.watershed.query.follow.FollowPlace;
import io.watershed.query.follow.FollowRequest;
import io.watershed.query.follow.FollowSink;
import io.watershed.query.follow.FollowStartText;
import io.watershed.query.follow.Follower;
import io.watershed.server.Backend;
import io.watershed.server.http.EventStream;
import io.watershed.server.http.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams that are followed for callers, a bounded number at a time. Thread-safe. */
public final class Tails implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tails.class);

  /** How long a reader who does not read holds the tail up before records are skipped. */
  private static final Duration ROOM_PATIENCE = Duration.ofSeconds(5);

  private static final long PROGRESS_NANOS = 1_000_000_000L;

  private final Backend backend;
  private final Follower follower;
  private final Semaphore free;
  private final int most;
  private final Set<StatementControl> running = ConcurrentHashMap.newKeySet();

  /** Over a backend. */
  public Tails(Backend backend, Limits limits) {
    WatershedConfig config = backend.config();
    this.backend = backend;
    this.most = limits.tails();
    this.free = new Semaphore(most);
    this.follower =
        Follower.open(
            backend.engine(),
            backend.reservoir(),
            backend.streamSources(),
            config.sql(),
            config.live(),
            config.template().archive().outages().limit(),
            backend.temporary());
  }

  /**
   * What is to be followed.
   *
   * @param from as {@link FollowStartText} reads it
   */
  record Wanted(
      String stream,
      String from,
      Optional<String> where,
      Optional<String> key,
      Optional<String> shard) {}

  /**
   * Makes room for one.
   *
   * @throws Problem 429 if there are too many
   * @throws WatershedException for where it begins
   */
  Tail enter(Wanted wanted) {
    FollowRequest request =
        FollowRequest.of(wanted.stream(), FollowStartText.parse(wanted.from(), backend.clock()));
    FollowRequest keyed = wanted.key().map(request::key).orElse(request);
    FollowRequest sharded = wanted.shard().map(keyed::shard).orElse(keyed);
    FollowRequest whole = wanted.where().map(sharded::where).orElse(sharded);
    if (!free.tryAcquire()) {
      throw Problem.tooMany(
          most + " streams are being followed already",
          "Close some; server.max_tails is the bound.",
          5);
    }
    return new Tail(whole);
  }

  /** One stream that is followed. */
  final class Tail implements AutoCloseable {
    private final FollowRequest request;

    Tail(FollowRequest request) {
      this.request = request;
    }

    /** Follows on a thread of its own until what it returns is closed. */
    AutoCloseable follow(EventStream events) {
      StatementControl control = new StatementControl();
      running.add(control);
      Thread thread = new Thread(() -> run(events, control), "tail-" + request.stream());
      thread.setDaemon(true);
      thread.start();
      return () -> {
        control.cancel();
        thread.join(Duration.ofSeconds(10).toMillis());
      };
    }

    private void run(EventStream events, StatementControl control) {
      try {
        FollowOutcome outcome = follower.follow(request, new Sink(events), control);
        ObjectNode ended =
            JsonNodeFactory.instance
                .objectNode()
                .put("records", outcome.records())
                .put("place", outcome.place().map(FollowPlace::text).orElse(null));
        events.send("ended", ended);
        outcome.error().ifPresent(error -> events.send("problem", Problem.of(error).json()));
      } catch (WatershedException e) {
        events.send("problem", Problem.of(e).json());
      } catch (RuntimeException e) {
        LOG.error("A tail of {} failed", request.stream(), e);
        events.send("problem", Problem.internal().json());
      } finally {
        running.remove(control);
        events.end();
      }
    }

    @Override
    public void close() {
      free.release();
    }
  }

  /** Records become events; a reader who does not read holds it up for a while, then loses some. */
  private static final class Sink implements FollowSink {
    private final EventStream events;
    private long records;
    private long skipped;
    private long progressNanos = System.nanoTime() - PROGRESS_NANOS;

    Sink(EventStream events) {
      this.events = events;
    }

    @Override
    public void record(StreamRecord record) throws IOException {
      if (skipped == 0) {
        awaitRoom();
      }
      if (events.isOver()) {
        throw new IOException("the reader went away");
      }
      records++;
      if (!events.hasRoom()) {
        skipped++;
        return;
      }
      tellSkipped();
      events.send("record", RecordView.of(record, "", RecordView.SHOWN_BYTES));
      progress();
    }

    private void awaitRoom() throws IOException {
      try {
        events.awaitRoom(ROOM_PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    private void tellSkipped() {
      if (skipped > 0) {
        events.send("skipped", JsonNodeFactory.instance.objectNode().put("records", skipped));
        skipped = 0;
      }
    }

    private void progress() {
      long now = System.nanoTime();
      if (now - progressNanos >= PROGRESS_NANOS) {
        progressNanos = now;
        events.send("progress", JsonNodeFactory.instance.objectNode().put("records", records));
      }
    }

    @Override
    public void pause() throws IOException {
      if (events.isOver()) {
        throw new IOException("the reader went away");
      }
      if (events.hasRoom()) {
        tellSkipped();
      }
      events.send("progress", JsonNodeFactory.instance.objectNode().put("records", records));
    }

    @Override
    public void gap(Gap gap) {
      events.send(
          "gap",
          JsonNodeFactory.instance
              .objectNode()
              .put("shard", gap.shard().shardId())
              .put("after", gap.afterPosition())
              .put("reason", gap.reason()));
    }

    @Override
    public void notice(String sentence) {
      events.send("notice", JsonNodeFactory.instance.objectNode().put("text", sentence));
    }
  }

  /** Ends all of them. */
  @Override
  public void close() {
    running.forEach(StatementControl::cancel);
    follower.close();
  }
}
