package io.watershed.cli.demo;

import io.watershed.cli.Connections;
import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.PutEntry;
import io.watershed.kinesis.StreamSink;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts made-up events into one stream at a steady rate, on a thread of its own. */
final class Producer implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  private final String stream;
  private final StreamSink sink;
  private final OrderedWriter<Boolean> writer;
  private final Function<Instant, Shop.Event> events;
  private final InstantSource clock;
  private final double perTick;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;

  /**
   * Starts at once.
   *
   * @param sink the stream; closed with this
   * @param perSecond events a second
   */
  Producer(
      String stream,
      StreamSink sink,
      Function<Instant, Shop.Event> events,
      double perSecond,
      Scheduler scheduler,
      RandomGenerator random,
      InstantSource clock) {
    this.stream = stream;
    this.sink = sink;
    this.events = events;
    this.clock = clock;
    this.perTick = perSecond * TICK_MILLIS / 1000;
    this.writer =
        Connections.await(
            OrderedWriter.<Boolean>open(
                sink,
                OrderedWriteSettings.DEFAULTS.withQuotaShare(0.9),
                scheduler,
                random,
                (token, written) -> {}));
    this.thread = new Thread(this::produce, "producer-" + stream);
    thread.setDaemon(true);
    thread.start();
  }

  String stream() {
    return stream;
  }

  /** Records that the stream has acknowledged. */
  long acknowledged() {
    return writer.statistics().acknowledged();
  }

  /** Makes no more events, and waits until those made are acknowledged. */
  long finish() throws InterruptedException {
    stop.set(true);
    thread.join(TimeUnit.SECONDS.toMillis(30));
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    Connections.await(writer.flush());
    return acknowledged();
  }

  @Override
  public void close() {
    stop.set(true);
    writer.close();
    sink.close();
  }

  private void produce() {
    try {
      double due = 0;
      while (!stop.get()) {
        due += perTick;
        for (; due >= 1 && !stop.get(); due--) {
          Shop.Event event = events.apply(clock.instant());
          PutEntry entry = new PutEntry(event.key(), Optional.empty(), event.payload());
          Connections.await(writer.write(entry, true));
        }
        TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }
}
