package io.watershed.kinesis;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.WriteWindow.Item;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records into a stream so that, per key, they first appear there in the order in which they
 * were given, whatever fails: at most one record of a key is without an acknowledgement at any time
 * (PROTOCOL 6.2, 6.3). Delivery is at least once: a request whose answer was lost is sent again.
 *
 * <p>Requests keep to a share of the target's write quota, and slow down while it throttles. Up to
 * a few are in flight. Acknowledgements are reported in input order, one thread at a time, so the
 * last one reported is a position to resume from.
 *
 * <pre>{@code
 * writer.write(entry, offset).join(); // waits only while the buffer is full
 * ...
 * writer.flush().join();
 * }</pre>
 *
 * <p>Bounded by the window between the oldest unacknowledged record and the newest accepted, so a
 * hot key holds up the rest only when the window is full. Thread-safe.
 *
 * @param <T> what the caller wants back with an acknowledgement, such as a file offset
 */
public final class OrderedWriter<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedWriter.class);
  private static final CompletableFuture<Void> ROOM = CompletableFuture.completedFuture(null);

  /**
   * Hears of acknowledgements, in input order, never two at a time. Must be quick.
   *
   * @param <T> see {@link OrderedWriter}
   */
  @FunctionalInterface
  public interface Acknowledgements<T> {
    /** The target has this record and every one that was given before it. */
    void acknowledged(T token, PutResult.Written written);
  }

  private final StreamSink sink;
  private final OrderedWriteSettings settings;
  private final Scheduler scheduler;
  private final Retries retries;
  private final Acknowledgements<T> acknowledgements;
  private final String target;
  private final AtomicInteger pumps = new AtomicInteger();

  private final Object lock = new Object();
  // Everything below is guarded by the lock.
  private final WriteWindow<T> window = new WriteWindow<>();
  private final WritePace pace;
  private final List<CompletableFuture<Void>> flushes = new ArrayList<>();
  private Optional<CompletableFuture<Void>> room = Optional.empty();
  private Optional<StreamFailure> failure = Optional.empty();
  private long maxRecordBytes;
  private boolean describing;
  private long nextDescribeNanos;
  private OptionalLong wakeNanos = OptionalLong.empty();
  private int inFlightRequests;
  private long acknowledged;
  private long acknowledgedBytes;
  private long requests;
  private long sent;
  private long throttled;
  private long retried;
  private long outcomeUnknown;

  private OrderedWriter(
      StreamSink sink,
      StreamDescription description,
      OrderedWriteSettings settings,
      Scheduler scheduler,
      RandomGenerator random,
      Acknowledgements<T> acknowledgements) {
    this.sink = sink;
    this.settings = settings;
    this.scheduler = scheduler;
    this.retries = new Retries(settings.retry(), scheduler, random);
    this.acknowledgements = acknowledgements;
    this.target = description.name();
    this.pace = new WritePace(settings, Math.max(1, description.openShards()));
    this.maxRecordBytes = description.maxRecordBytes();
    this.nextDescribeNanos = scheduler.nanoTime() + settings.describeInterval().toNanos();
  }

  /**
   * Describes the target (its open shards set the pace, its record limit the largest record) and
   * makes a writer for it.
   *
   * @param random for jitter; thread-safe, unless everything runs on one thread
   * @return completes with a {@link StreamFailure} if the target cannot be described within the
   *     retry bound
   */
  public static <T> CompletableFuture<OrderedWriter<T>> open(
      StreamSink sink,
      OrderedWriteSettings settings,
      Scheduler scheduler,
      RandomGenerator random,
      Acknowledgements<T> acknowledgements) {
    return new Retries(settings.retry(), scheduler, random)
        .call(sink::describe)
        .thenApply(
            description ->
                new OrderedWriter<>(
                    sink, description, settings, scheduler, random, acknowledgements));
  }

  /** Writes a record whose order is that of its partition key. */
  public CompletableFuture<Void> write(PutEntry entry, T token) {
    return write(entry, entry.partitionKey(), token);
  }

  /**
   * Takes a record. Call again only after the returned future is complete: that is all the
   * backpressure there is, and a caller that goes on regardless is stopped at twice the bound.
   *
   * @param orderKey records of one order key keep their order; for remapped partition keys the
   *     source's key
   * @param token comes back with the acknowledgement
   * @return complete when there is room for another record; fails with a {@link StreamFailure} if
   *     the target cannot take this record (it is then not accepted, and the writer goes on) or the
   *     writer has failed (it then accepts nothing more)
   */
  public CompletableFuture<Void> write(PutEntry entry, String orderKey, T token) {
    CompletableFuture<Void> answer;
    synchronized (lock) {
      Optional<StreamFailure> refused = refusal(entry);
      if (refused.isPresent()) {
        return CompletableFuture.failedFuture(refused.get());
      }
      window.accept(entry, orderKey, token);
      if (!hasRoom() && room.isEmpty()) {
        room = Optional.of(new CompletableFuture<>());
      }
      answer = room.orElse(ROOM);
    }
    pump();
    return answer;
  }

  /**
   * Completes when every record accepted so far is acknowledged and reported; fails with the
   * writer's failure.
   */
  public CompletableFuture<Void> flush() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (lock) {
      flushes.add(done);
    }
    pump();
    return done;
  }

  /** Why the writer stopped, if it did. */
  public Optional<StreamFailure> failure() {
    synchronized (lock) {
      return failure;
    }
  }

  /** What it has done and holds, now. */
  public WriteStatistics statistics() {
    synchronized (lock) {
      return new WriteStatistics(
          window.accepted(),
          acknowledged,
          acknowledgedBytes,
          requests,
          sent,
          throttled,
          retried,
          outcomeUnknown,
          inFlightRequests,
          window.inFlight(),
          window.records(),
          window.bytes(),
          window.blocked(),
          pace.recordsPerSecond());
    }
  }

  /**
   * Sends nothing more. What is in flight may still land, and is reported if the answer comes. Does
   * not close the sink.
   */
  @Override
  public void close() {
    synchronized (lock) {
      stop(
          new StreamFailure(
              Kind.PERMANENT,
              "the writer to stream '" + target + "' is closed",
              new WatershedException(
                  ErrorCode.CANCELLED,
                  "Writing to stream '" + target + "' was stopped",
                  "Run it again to go on after the last acknowledged record.")));
    }
    pump();
  }

  /** What a record counts against limits: payload and partition key. */
  static int size(PutEntry entry) {
    String key = entry.partitionKey();
    return entry.payload().length + key.getBytes(StandardCharsets.UTF_8).length;
  }

  private boolean hasRoom() {
    return window.records() < settings.maxBufferedRecords()
        && window.bytes() < settings.maxBufferedBytes();
  }

  private Optional<StreamFailure> refusal(PutEntry entry) {
    if (failure.isPresent()) {
      return failure;
    }
    if (window.records() >= 2L * settings.maxBufferedRecords()) {
      throw new IllegalStateException("the buffer is full: wait for the last write's future");
    }
    int keyLength = entry.partitionKey().codePointCount(0, entry.partitionKey().length());
    if (keyLength < 1 || keyLength > 256) {
      return Optional.of(
          refuse(
              ErrorCode.INVALID_INPUT,
              "A partition key has " + keyLength + " characters",
              "Kinesis takes keys of 1 to 256 characters."));
    }
    if (size(entry) > maxRecordBytes) {
      return Optional.of(
          refuse(
              ErrorCode.LIMIT,
              "A record of " + size(entry) + " bytes is too large for stream '" + target + "'",
              "The stream takes "
                  + maxRecordBytes
                  + " bytes, partition key included; raise its"
                  + " maximum record size, or leave the record out."));
    }
    return Optional.empty();
  }

  private static StreamFailure refuse(ErrorCode code, String message, String hint) {
    return new StreamFailure(Kind.PERMANENT, message, new WatershedException(code, message, hint));
  }

  /**
   * Decides under the lock, acts outside it, one thread at a time: so effects keep the order in
   * which they were decided, and a sink that answers at once does not recurse.
   */
  private void pump() {
    if (pumps.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      for (Runnable effect : decide()) {
        effect.run();
      }
      missed = pumps.addAndGet(-missed);
    } while (missed != 0);
  }

  private List<Runnable> decide() {
    List<Runnable> effects = new ArrayList<>();
    synchronized (lock) {
      long now = scheduler.nanoTime();
      window.release(now).ifPresent(at -> wakeAt(at, now, effects));
      decideAcknowledgements(effects);
      decideSends(now, effects);
      decideDescribe(now, effects);
      decideFutures(effects);
    }
    return effects;
  }

  private void decideSends(long now, List<Runnable> effects) {
    while (failure.isEmpty()
        && window.hasReady()
        && inFlightRequests < settings.maxRequestsInFlight()) {
      long wait = pace.waitNanos(now);
      if (wait > 0) {
        wakeAt(now + wait, now, effects);
        return;
      }
      List<Item<T>> batch = window.take(pace.maxRecords(), pace.maxBytes(), now);
      pace.sent(now, batch.size(), batch.stream().mapToLong(Item::bytes).sum());
      inFlightRequests++;
      requests++;
      sent += batch.size();
      effects.add(() -> send(batch));
    }
  }

  private void decideAcknowledgements(List<Runnable> effects) {
    List<Item<T>> done = window.takeAcknowledged();
    if (!done.isEmpty()) {
      effects.add(() -> report(done));
    }
  }

  private void decideDescribe(long now, List<Runnable> effects) {
    boolean due = now - nextDescribeNanos >= 0 && inFlightRequests > 0;
    if (due && !describing && failure.isEmpty()) {
      describing = true;
      effects.add(this::describe);
    }
  }

  private void decideFutures(List<Runnable> effects) {
    if (room.isPresent() && (hasRoom() || failure.isPresent())) {
      CompletableFuture<Void> waiting = room.get();
      room = Optional.empty();
      effects.add(() -> complete(waiting));
    }
    boolean settled = failure.isPresent() ? inFlightRequests == 0 : window.isEmpty();
    if (settled && !flushes.isEmpty()) {
      List<CompletableFuture<Void>> waiting = List.copyOf(flushes);
      flushes.clear();
      effects.add(() -> waiting.forEach(this::complete));
    }
  }

  /** Asks for the failure only now: the callback that ran just before may have caused one. */
  private void complete(CompletableFuture<Void> future) {
    Optional<StreamFailure> why = failure();
    if (why.isPresent()) {
      future.completeExceptionally(why.get());
    } else {
      future.complete(null);
    }
  }

  private void wakeAt(long at, long now, List<Runnable> effects) {
    if (wakeNanos.isPresent() && wakeNanos.getAsLong() - at <= 0) {
      return; // an earlier timer will look again
    }
    wakeNanos = OptionalLong.of(at);
    effects.add(
        () ->
            scheduler.schedule(
                Duration.ofNanos(at - now),
                () -> {
                  if (isAwaited(at)) {
                    pump();
                  }
                }));
  }

  /** Whether this is the timer that was set last; an earlier one has replaced any other. */
  private boolean isAwaited(long at) {
    synchronized (lock) {
      boolean awaited = wakeNanos.isPresent() && wakeNanos.getAsLong() == at;
      if (awaited) {
        wakeNanos = OptionalLong.empty();
      }
      return awaited;
    }
  }

  private void send(List<Item<T>> batch) {
    CompletableFuture<List<PutResult>> call;
    try {
      call = sink.put(batch.stream().map(Item::entry).toList());
    } catch (RuntimeException e) {
      call = CompletableFuture.failedFuture(e);
    }
    var unused =
        call.whenComplete(
            (results, thrown) -> {
              synchronized (lock) {
                inFlightRequests--;
                if (thrown == null) {
                  answered(batch, results);
                } else {
                  failed(batch, StreamFailure.of(thrown));
                }
              }
              pump();
            });
  }

  private void answered(List<Item<T>> batch, List<PutResult> results) {
    if (results.size() != batch.size()) {
      failed(batch, new StreamFailure(Kind.TRANSIENT, "PutRecords lost some results", null));
      return;
    }
    boolean slowDown = false;
    for (int i = 0; i < batch.size(); i++) {
      if (results.get(i) instanceof PutResult.Rejected rejected) {
        slowDown |= rejected.throttled();
        again(batch.get(i), rejection(rejected), retries.delayAfter(batch.get(i).attempts()));
      } else if (results.get(i) instanceof PutResult.Written written) {
        acknowledged++;
        acknowledgedBytes += batch.get(i).bytes();
        window.acknowledged(batch.get(i), written);
      }
    }
    if (slowDown) {
      pace.throttled(scheduler.nanoTime());
    }
  }

  private StreamFailure rejection(PutResult.Rejected rejected) {
    return new StreamFailure(
        rejected.throttled() ? Kind.THROTTLED : Kind.TRANSIENT,
        "Stream '" + target + "' rejects records with " + rejected.errorCode(),
        null);
  }

  private void failed(List<Item<T>> batch, StreamFailure why) {
    boolean retry = why.kind() == Kind.THROTTLED || why.kind() == Kind.TRANSIENT;
    if (why.kind() == Kind.THROTTLED) {
      pace.throttled(scheduler.nanoTime());
    }
    if (!retry) {
      stop(why);
    }
    for (Item<T> item : batch) {
      outcomeUnknown += why.kind() == Kind.TRANSIENT ? 1 : 0;
      again(item, why, retries.delayAfter(item.attempts()));
    }
  }

  private void again(Item<T> item, StreamFailure why, Duration delay) {
    throttled += why.kind() == Kind.THROTTLED ? 1 : 0;
    retried++;
    if (failure.isEmpty()
        && !retries.mayTryAgain(item.attempts(), item.firstAttemptNanos(), delay)) {
      stop(retries.givenUp(why, item.attempts(), item.firstAttemptNanos()));
    }
    window.again(item, scheduler.nanoTime() + delay.toNanos());
  }

  private void stop(StreamFailure why) {
    if (failure.isEmpty()) {
      failure = Optional.of(why);
    }
  }

  private void report(List<Item<T>> done) {
    try {
      for (Item<T> item : done) {
        acknowledgements.acknowledged(item.token(), item.written());
      }
    } catch (RuntimeException e) {
      synchronized (lock) {
        stop(new StreamFailure(Kind.PERMANENT, String.valueOf(e.getMessage()), e));
      }
      pump();
    }
  }

  private void describe() {
    var unused =
        sink.describe()
            .whenComplete(
                (description, thrown) -> {
                  synchronized (lock) {
                    describing = false;
                    nextDescribeNanos =
                        scheduler.nanoTime() + settings.describeInterval().toNanos();
                    if (thrown == null) {
                      reconsider(description);
                    }
                  }
                  pump();
                });
  }

  private void reconsider(@Nullable StreamDescription description) {
    if (description != null) {
      LOG.debug("stream {} has {} open shards", target, description.openShards());
      pace.openShards(description.openShards());
      maxRecordBytes = description.maxRecordBytes();
    }
  }
}
