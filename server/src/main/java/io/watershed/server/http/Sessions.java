package io.watershed.server.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Live connections: how many there may be, and how they end with the server. Thread-safe. */
final class Sessions {
  private final Semaphore free;
  private final int most;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  Sessions(int most) {
    this.most = most;
    this.free = new Semaphore(most);
  }

  /**
   * One more connection that waits for something; close it.
   *
   * @throws Problem 429
   */
  Session enter() {
    if (!free.tryAcquire()) {
      throw Problem.tooMany(
          "There are " + most + " live connections already",
          "Close some; server.max_sessions is the bound.",
          5);
    }
    return free::release;
  }

  void add(EventStream events) {
    open.add(events);
    if (stopping) {
      events.stop();
    }
  }

  void remove(EventStream events) {
    open.remove(events);
  }

  /** Tells every stream of events, and ends it. */
  void stop() {
    stopping = true;
    open.forEach(EventStream::stop);
  }

  /** One connection. */
  interface Session extends AutoCloseable {
    @Override
    void close();
  }
}
