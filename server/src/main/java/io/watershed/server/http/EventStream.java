package io.watershed.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events to one reader, who may be slower than what happens: at most so many bytes
 * wait, and what has no room is dropped and counted. Thread-safe.
 */
public final class EventStream {
  /** What may wait for a slow reader. */
  static final int MAX_WAITING_BYTES = 8 << 20;

  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean ended;
  private boolean broken;

  /**
   * Adds an event for the reader.
   *
   * @return whether there was room for it, and a reader
   */
  public boolean send(String event, JsonNode data) {
    return send(event, data.toString());
  }

  /** As {@link #send(String, JsonNode)}, of JSON text without line breaks. */
  public synchronized boolean send(String event, String json) {
    byte[] bytes =
        ("event: " + event + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    if (ended || waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      return false;
    }
    add(bytes);
    return true;
  }

  /** Whether half of the room is left: a source that can wait should, below it. */
  public synchronized boolean hasRoom() {
    return waitingBytes < MAX_WAITING_BYTES / 2;
  }

  /** Waits until there is room, nobody reads any more, or this long. */
  public synchronized void awaitRoom(Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    for (long left = until - System.nanoTime();
        left > 0 && !ended && !broken && waitingBytes >= MAX_WAITING_BYTES / 2;
        left = until - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private void add(byte[] bytes) {
    waiting.add(bytes);
    waitingBytes += bytes.length;
    notifyAll();
  }

  /** No more events come; those that wait are still written. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Whether nobody takes events any more, or none come. */
  public synchronized boolean isOver() {
    return ended || broken;
  }

  /** The server ends: says so and ends the stream. */
  synchronized void stop() {
    if (!ended) {
      add("event: stopping\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
      end();
    }
  }

  /** Writes events until they end or the reader is gone. */
  void writeTo(OutputStream out) throws IOException {
    try {
      byte[] next = ": open\n\n".getBytes(StandardCharsets.UTF_8);
      while (next.length > 0) {
        out.write(next);
        out.flush();
        next = next();
      }
    } finally {
      synchronized (this) {
        broken = true;
        ended = true;
        notifyAll();
      }
    }
  }

  /** The next event, a heartbeat when none comes for long, nothing at the end. */
  private synchronized byte[] next() throws IOException {
    long until = System.nanoTime() + HEARTBEAT_NANOS;
    while (waiting.isEmpty()) {
      long left = until - System.nanoTime();
      if (ended) {
        return new byte[0];
      }
      if (left <= 0) {
        return ":\n\n".getBytes(StandardCharsets.UTF_8);
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    byte[] event = waiting.remove();
    waitingBytes -= event.length;
    notifyAll();
    return event;
  }
}
