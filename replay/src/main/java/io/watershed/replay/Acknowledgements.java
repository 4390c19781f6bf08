package io.watershed.replay;

import io.watershed.query.RecordScan.ScanPosition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the scan is done: the writer reports in scan order, and records that are left out count
 * as done when all before them are. Order is checked on the way, so in archive order. As large as
 * the writer's buffer. Thread-safe.
 */
final class Acknowledgements {
  private final Deque<Sent> open = new ArrayDeque<>();
  private final OrderCheck order;
  private Optional<ScanPosition> through;
  private Totals totals;

  /**
   * @param through everything up to here is done already
   * @param totals what was done up to there
   */
  Acknowledgements(Optional<ScanPosition> through, Totals totals, OrderCheck order) {
    this.through = through;
    this.totals = totals;
    this.order = order;
  }

  /**
   * What is done, without gaps in scan order.
   *
   * @param acknowledged records
   * @param skipped records left out because they are too large
   */
  record Totals(long acknowledged, long skipped) {
    static final Totals NONE = new Totals(0, 0);

    long done() {
      return acknowledged + skipped;
    }
  }

  /** One record between sending and the moving of the point. */
  static final class Sent {
    private final ScanPosition place;
    private final String partitionKey;
    private boolean skipped;
    private OrderCheck.@Nullable Place written;

    private Sent(ScanPosition place, String partitionKey) {
      this.place = place;
      this.partitionKey = partitionKey;
    }

    private boolean isDone() {
      return skipped || written != null;
    }
  }

  /** A record that is about to be sent. */
  synchronized Sent sent(ScanPosition place, String partitionKey) {
    Sent sent = new Sent(place, partitionKey);
    open.add(sent);
    return sent;
  }

  /** A record that is not sent at all. */
  synchronized void skipped(ScanPosition place, String partitionKey) {
    sent(place, partitionKey).skipped = true;
    advance();
  }

  /** The target has the record here. */
  synchronized void acknowledged(Sent sent, OrderCheck.Place place) {
    sent.written = place;
    advance();
  }

  private void advance() {
    while (!open.isEmpty() && open.getFirst().isDone()) {
      Sent done = open.removeFirst();
      through = Optional.of(done.place);
      if (done.written != null) {
        order.next(done.partitionKey, done.written);
        totals = new Totals(totals.acknowledged() + 1, totals.skipped());
      } else {
        totals = new Totals(totals.acknowledged(), totals.skipped() + 1);
      }
    }
  }

  /** The state at one moment. */
  synchronized Snapshot snapshot() {
    return new Snapshot(through, totals, order.violations(), order.isScattered());
  }

  /**
   * The state at one moment.
   *
   * @param through everything up to here is done
   * @param totals what is done up to there
   * @param orderViolations seen up to there
   * @param scattered whether the target puts one key's records into several open shards
   */
  record Snapshot(
      Optional<ScanPosition> through, Totals totals, long orderViolations, boolean scattered) {}
}
