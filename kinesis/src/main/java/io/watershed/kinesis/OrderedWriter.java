package io.watershed.kinesis;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.HashKey;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.TargetTraffic.OwnWrites;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records into a stream so that, per key, they first appear there in the order in which they
 * were given, whatever fails: at most one record of a key is without an acknowledgement at any time
 * (PROTOCOL 6.2, 6.3). Delivery is at least once: a request whose answer was lost is sent again.
 *
 * <p>Each shard of the target has its own pace: a share of its write quota, less while it throttles
 * and, where that is measured, never more than others leave. A shard that is full does not hold up
 * the others. When the target is resharded, what waits goes to the new shards. Up to a few requests
 * are in flight. Acknowledgements are reported in input order, one thread at a time, so the last
 * one reported is a position to resume from.
 *
 * <p>If the settings say so, records of one shard are packed into aggregated records, for consumers
 * that take them apart. A pack holds consecutive records of each of its keys, and is as good as one
 * record: it is there whole or not at all.
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
  private static final long SAMPLE_LOOK_NANOS = Duration.ofMillis(100).toNanos();
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

    /**
     * The target has this record. Comes before {@link #acknowledged} for it, as soon as it is
     * known; in input order only per key.
     */
    default void written(T token, String shardId, ShardPosition position) {}
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
  private final ShardLanes<T> lanes;
  private final WriteWindow<T> window;
  private final TargetView view;
  private List<Written<T>> justWritten = new ArrayList<>();
  private Optional<TargetTraffic> traffic;
  private final List<CompletableFuture<Void>> flushes = new ArrayList<>();
  private Optional<CompletableFuture<Void>> room = Optional.empty();
  private Optional<StreamFailure> failure = Optional.empty();
  private int samples;
  private long nextSamplesNanos;
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
      TargetView.Answer answer,
      OrderedWriteSettings settings,
      Optional<TargetTraffic> traffic,
      Scheduler scheduler,
      RandomGenerator random,
      Acknowledgements<T> acknowledgements) {
    long now = scheduler.nanoTime();
    this.sink = sink;
    this.settings = settings;
    this.scheduler = scheduler;
    this.retries = new Retries(settings.retry(), scheduler, random);
    this.acknowledgements = acknowledgements;
    this.traffic = traffic;
    this.nextSamplesNanos = now;
    this.target = answer.description().name();
    this.view = new TargetView(answer, settings.describeInterval(), now);
    this.lanes = new ShardLanes<>(settings, answer.shards(), traffic.isPresent(), now);
    this.window = new WriteWindow<>(lanes);
  }

  /**
   * As {@link #open(StreamSink, OrderedWriteSettings, Optional, Scheduler, RandomGenerator,
   * Acknowledgements)}, with no regard to what others write but for throttles.
   */
  public static <T> CompletableFuture<OrderedWriter<T>> open(
      StreamSink sink,
      OrderedWriteSettings settings,
      Scheduler scheduler,
      RandomGenerator random,
      Acknowledgements<T> acknowledgements) {
    return open(sink, settings, Optional.empty(), scheduler, random, acknowledgements);
  }

  /**
   * Describes the target (its open shards set the pace, its record limit the largest record) and
   * makes a writer for it.
   *
   * @param traffic tells what others write, so that they are left room
   * @param random for jitter; thread-safe, unless everything runs on one thread
   * @return completes with a {@link StreamFailure} if the target cannot be described within the
   *     retry bound
   */
  public static <T> CompletableFuture<OrderedWriter<T>> open(
      StreamSink sink,
      OrderedWriteSettings settings,
      Optional<TargetTraffic> traffic,
      Scheduler scheduler,
      RandomGenerator random,
      Acknowledgements<T> acknowledgements) {
    return new Retries(settings.retry(), scheduler, random)
        .call(() -> ask(sink))
        .thenApply(
            answer ->
                new OrderedWriter<>(
                    sink, answer, settings, traffic, scheduler, random, acknowledgements));
  }

  private static CompletableFuture<TargetView.Answer> ask(StreamSink sink) {
    return sink.describe()
        .thenCombine(
            sink.openShards(),
            (description, shards) -> new TargetView.Answer(description, new TargetShards(shards)));
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
    BigInteger hashKey = entry.explicitHashKey().orElseGet(() -> HashKey.of(entry.partitionKey()));
    synchronized (lock) {
      Optional<StreamFailure> refused = refusal(entry);
      if (refused.isPresent()) {
        return CompletableFuture.failedFuture(refused.get());
      }
      window.accept(entry, orderKey, hashKey, token);
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
          window.hottestKeyShare(),
          lanes.recordsPerSecond(scheduler.nanoTime()));
    }
  }

  /** What it has done on each open shard of the target. */
  public List<ShardWrites> shardWrites() {
    synchronized (lock) {
      long now = scheduler.nanoTime();
      return lanes.all().map(lane -> lane.writes(now)).toList();
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
    return entry.payload().length + utf8Bytes(entry.partitionKey());
  }

  private static int utf8Bytes(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (key.charAt(i) >= 0x80) {
        return key.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return key.length();
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
    if (size(entry) > view.maxRecordBytes()) {
      return Optional.of(
          refuse(
              ErrorCode.LIMIT,
              "A record of " + size(entry) + " bytes is too large for stream '" + target + "'",
              "The stream takes "
                  + view.maxRecordBytes()
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
      decideSamples(now, effects);
      decideFutures(effects);
    }
    return effects;
  }

  private void decideSends(long now, List<Runnable> effects) {
    while (failure.isEmpty() && inFlightRequests < settings.maxRequestsInFlight() && !isHeld()) {
      List<Parcel<T>> request = window.take(now);
      if (request.isEmpty()) {
        lanes.nextNanos(now).ifPresent(at -> wakeAt(at, now, effects));
        return;
      }
      inFlightRequests++;
      requests++;
      sent += records(request);
      effects.add(() -> send(request));
    }
  }

  /** A pack for shards that are no more would only have to be sent again. */
  private boolean isHeld() {
    return settings.dense() && view.isStale();
  }

  private static long records(List<? extends Parcel<?>> request) {
    return request.stream().mapToLong(parcel -> parcel.items().size()).sum();
  }

  private void decideAcknowledgements(List<Runnable> effects) {
    List<Written<T>> written = justWritten;
    List<WriteItem<T>> done = window.takeAcknowledged();
    if (!written.isEmpty() || !done.isEmpty()) {
      justWritten = new ArrayList<>();
      effects.add(() -> report(written, done));
    }
  }

  private void decideDescribe(long now, List<Runnable> effects) {
    if (view.isAsking() || failure.isPresent() || window.isEmpty()) {
      return;
    }
    if (now - view.dueNanos() >= 0) {
      view.asked(now);
      effects.add(this::describe);
    } else if (view.isStale()) {
      wakeAt(view.dueNanos(), now, effects);
    }
  }

  private void decideSamples(long now, List<Runnable> effects) {
    if (traffic.isEmpty() || failure.isPresent() || window.isEmpty()) {
      return;
    }
    if (now - nextSamplesNanos < 0) {
      return;
    }
    nextSamplesNanos = now + SAMPLE_LOOK_NANOS;
    TargetTraffic measure = traffic.get();
    long interval = settings.traffic().sampleInterval().toNanos();
    lanes
        .all()
        .filter(lane -> lane.isSampleDue(now, interval))
        .limit(Math.max(0, settings.traffic().maxSamples() - samples))
        .toList()
        .forEach(
            lane -> {
              OwnWrites own = lane.beginSample(now);
              samples++;
              effects.add(() -> sample(measure, lane.shardId(), own));
            });
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

  private void send(List<Parcel<T>> request) {
    CompletableFuture<List<PutResult>> call;
    try {
      call = sink.put(request.stream().map(Parcel::entry).toList());
    } catch (RuntimeException e) {
      call = CompletableFuture.failedFuture(e);
    }
    var unused =
        call.whenComplete(
            (results, thrown) -> {
              synchronized (lock) {
                inFlightRequests--;
                if (thrown == null) {
                  answered(request, results);
                } else {
                  failed(request, StreamFailure.of(thrown));
                }
              }
              pump();
            });
  }

  private void answered(List<Parcel<T>> request, List<PutResult> results) {
    if (results.size() != request.size()) {
      failed(request, new StreamFailure(Kind.TRANSIENT, "PutRecords lost some results", null));
      return;
    }
    for (int i = 0; i < request.size(); i++) {
      if (results.get(i) instanceof PutResult.Rejected rejected) {
        again(request.get(i), rejection(rejected));
      } else if (results.get(i) instanceof PutResult.Written written) {
        written(request.get(i), written);
      }
    }
  }

  private void written(Parcel<T> parcel, PutResult.Written written) {
    lanes.lane(written.shardId()).ifPresent(lane -> lane.written(written.sequenceNumber()));
    view.landed(parcel, written.shardId());
    if (!view.isAtHome(parcel, written.shardId())) {
      outcomeUnknown += parcel.items().size();
      again(parcel, elsewhere(written));
      return;
    }
    for (int i = 0; i < parcel.items().size(); i++) {
      WriteItem<T> item = parcel.items().get(i);
      acknowledged++;
      acknowledgedBytes += item.bytes;
      ShardPosition position = new ShardPosition(written.sequenceNumber(), i);
      justWritten.add(new Written<>(item.token, written.shardId(), position));
    }
    lanes.lane(written.shardId()).ifPresent(lane -> lane.acknowledged(parcel));
    window.acknowledged(parcel, written);
  }

  private StreamFailure elsewhere(PutResult.Written written) {
    return new StreamFailure(
        Kind.TRANSIENT,
        "Packed records landed in shard " + written.shardId() + ", which does not own their keys",
        null);
  }

  private StreamFailure rejection(PutResult.Rejected rejected) {
    return new StreamFailure(
        rejected.throttled() ? Kind.THROTTLED : Kind.TRANSIENT,
        "Stream '" + target + "' rejects records with " + rejected.errorCode(),
        null);
  }

  private void failed(List<Parcel<T>> request, StreamFailure why) {
    boolean retry = why.kind() == Kind.THROTTLED || why.kind() == Kind.TRANSIENT;
    if (!retry) {
      stop(why);
    }
    outcomeUnknown += why.kind() == Kind.TRANSIENT ? records(request) : 0;
    request.forEach(parcel -> again(parcel, why));
  }

  private void again(Parcel<T> parcel, StreamFailure why) {
    long now = scheduler.nanoTime();
    WriteItem<T> first = parcel.items().get(0);
    Duration delay = retries.delayAfter(first.attempts);
    if (why.kind() == Kind.THROTTLED) {
      throttled += parcel.items().size();
      lanes.lane(parcel.shardId()).ifPresent(lane -> lane.throttled(parcel.items().size(), now));
    }
    retried += parcel.items().size();
    if (failure.isEmpty() && !retries.mayTryAgain(first.attempts, first.firstAttemptNanos, delay)) {
      stop(retries.givenUp(why, first.attempts, first.firstAttemptNanos));
    }
    window.again(parcel, now + delay.toNanos());
  }

  private void stop(StreamFailure why) {
    if (failure.isEmpty()) {
      failure = Optional.of(why);
    }
  }

  /** What the target has just confirmed. */
  private record Written<T>(T token, String shardId, ShardPosition position) {}

  private void report(List<Written<T>> written, List<WriteItem<T>> done) {
    try {
      for (Written<T> one : written) {
        acknowledgements.written(one.token(), one.shardId(), one.position());
      }
      for (WriteItem<T> item : done) {
        acknowledgements.acknowledged(item.token, item.written());
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
        ask(sink)
            .whenComplete(
                (answer, thrown) -> {
                  synchronized (lock) {
                    if (thrown == null && answer != null) {
                      reconsider(answer);
                    } else {
                      view.failed();
                    }
                  }
                  pump();
                });
  }

  private void reconsider(TargetView.Answer answer) {
    LOG.debug("stream {} has {} open shards", target, answer.shards().ids().size());
    view.answered(answer);
    lanes.reshard(answer.shards(), scheduler.nanoTime());
  }

  private void sample(TargetTraffic measure, String shardId, OwnWrites own) {
    var unused =
        measure
            .others(shardId, own)
            .whenComplete(
                (rate, thrown) -> {
                  synchronized (lock) {
                    samples--;
                    if (thrown == null) {
                      lanes.lane(shardId).ifPresent(lane -> lane.endSample(rate));
                    } else {
                      unmeasurable(StreamFailure.of(thrown));
                    }
                  }
                  pump();
                });
  }

  private void unmeasurable(StreamFailure why) {
    if (traffic.isPresent()) {
      LOG.warn(
          "What others write to stream {} cannot be measured, so only throttles slow this down: {}",
          target,
          why.toError().getMessage());
    }
    traffic = Optional.empty();
    lanes.unmeasurable();
  }
}
