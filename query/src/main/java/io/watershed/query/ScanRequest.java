package io.watershed.query;

import io.watershed.cut.LiveMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An ordered scan of one stream, as replay needs it.
 *
 * @param stream the stream's name in the reservoir
 * @param selection which records
 * @param expressions SQL over the columns of the view, computed for each record as text
 * @param asOf the past that the scan reads, such as a receipt that holds the stream; empty for the
 *     present
 * @param live whether to read the live side
 */
public record ScanRequest(
    String stream,
    RecordSelection selection,
    List<String> expressions,
    Optional<AsOf> asOf,
    LiveMode live) {
  public ScanRequest {
    expressions = List.copyOf(expressions);
  }

  /** All records of the stream in a fresh cut. */
  public static ScanRequest of(String stream) {
    return new ScanRequest(stream, RecordSelection.ALL, List.of(), Optional.empty(), LiveMode.AUTO);
  }

  /** The same scan of other records. */
  public ScanRequest select(RecordSelection other) {
    return new ScanRequest(stream, other, expressions, asOf, live);
  }

  /** The same scan within these arrival times: from inclusive, until exclusive. */
  public ScanRequest between(Instant from, Instant until) {
    return select(selection.between(Optional.of(from), Optional.of(until)));
  }

  /** The same scan with a predicate. */
  public ScanRequest where(String predicate) {
    return select(selection.where(predicate));
  }

  /** The same scan, computing these expressions. */
  public ScanRequest computing(List<String> more) {
    return new ScanRequest(stream, selection, more, asOf, live);
  }

  /** The same scan at a receipt. */
  public ScanRequest at(String receipt) {
    return at(AsOf.receipt(receipt));
  }

  /** The same scan over this past. */
  public ScanRequest at(AsOf past) {
    return new ScanRequest(stream, selection, expressions, Optional.of(past), live);
  }

  /** The same scan in another live mode. */
  public ScanRequest with(LiveMode mode) {
    return new ScanRequest(stream, selection, expressions, asOf, mode);
  }

  /** Every piece of SQL in it: predicates and expressions. */
  List<String> sql() {
    List<String> all = new ArrayList<>(expressions);
    selection.where().ifPresent(all::add);
    selection
        .last()
        .ifPresent(
            last -> {
              all.add(last.key());
              last.orderBy().ifPresent(all::add);
              last.tombstone().ifPresent(all::add);
            });
    return all;
  }
}
