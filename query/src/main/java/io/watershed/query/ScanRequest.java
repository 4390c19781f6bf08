package io.watershed.query;

import java.time.Instant;
import java.util.Optional;

/**
 * An ordered scan of one stream, as replay needs it.
 *
 * @param stream the stream's name in the reservoir
 * @param from only records that arrived at this time or later; selects, never orders (PROTOCOL 6.1)
 * @param until only records that arrived before this time
 * @param where a SQL predicate over the columns of the view, checked by the gate
 * @param asOf the past that the scan reads, such as a receipt that holds the stream; empty for the
 *     present
 * @param live whether to read the live side
 */
public record ScanRequest(
    String stream,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> where,
    Optional<AsOf> asOf,
    LiveMode live) {
  /** All records of the stream in a fresh cut. */
  public static ScanRequest of(String stream) {
    return new ScanRequest(
        stream,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LiveMode.AUTO);
  }

  /** The same scan within these arrival times: from inclusive, until exclusive. */
  public ScanRequest between(Instant from, Instant until) {
    return new ScanRequest(stream, Optional.of(from), Optional.of(until), where, asOf, live);
  }

  /** The same scan with a predicate. */
  public ScanRequest where(String predicate) {
    return new ScanRequest(stream, from, until, Optional.of(predicate), asOf, live);
  }

  /** The same scan at a receipt. */
  public ScanRequest at(String receipt) {
    return at(AsOf.receipt(receipt));
  }

  /** The same scan over this past. */
  public ScanRequest at(AsOf past) {
    return new ScanRequest(stream, from, until, where, Optional.of(past), live);
  }
}
