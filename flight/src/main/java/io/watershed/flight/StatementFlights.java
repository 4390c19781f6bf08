package io.watershed.flight;

import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.BufferAllocator;

/** The statements that run, each in a thread of its own, up to a bound. Thread-safe. */
final class StatementFlights implements AutoCloseable {
  private static final long STOP_SECONDS = 30;

  private final QueryEngine engine;
  private final BufferAllocator memory;
  private final FlightSettings settings;
  private final FlightListener listener;
  private final ThreadPoolExecutor threads;

  StatementFlights(
      QueryEngine engine,
      BufferAllocator memory,
      FlightSettings settings,
      FlightListener listener) {
    this.engine = engine;
    this.memory = memory;
    this.settings = settings;
    this.listener = listener;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            0,
            settings.maxStatements(),
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "flight-statement-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Begins a statement; its rows, or its error, go to the reader.
   *
   * @param caller who asks
   * @throws FlightRuntimeException if too many run already
   */
  void begin(SqlRequest request, String caller, ServerStreamListener reader) {
    StatementFlight flight = new StatementFlight(memory, settings, reader);
    try {
      threads.execute(
          () ->
              flight.run(
                  engine, request, outcome -> listener.ended(caller, request.sql(), outcome)));
    } catch (RejectedExecutionException e) {
      throw CallStatus.RESOURCE_EXHAUSTED
          .withDescription(
              "[limit] "
                  + settings.maxStatements()
                  + " statements are running, which is as many as may. Try again when one has"
                  + " ended.")
          .toRuntimeException();
    }
  }

  /** How many statements run. */
  int running() {
    return threads.getActiveCount();
  }

  /** Ends what runs. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
