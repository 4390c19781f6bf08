package io.watershed.cut;

import io.watershed.core.cut.StreamCut;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A cut in print (PROTOCOL 5.3): shown with each result, stored in the reservoir, and accepted back
 * to ask again.
 *
 * @param id the first {@value #ID_CHARS} hexadecimal digits of the body's SHA-256
 * @param body canonical JSON: version, time, engine, time zone, and per stream its cut, logical
 *     columns and gaps
 * @param statementTime when the cut was resolved
 * @param streams per stream, in name order
 */
public record Receipt(String id, String body, Instant statementTime, List<PinnedStream> streams) {
  /** Length of the short id. */
  public static final int ID_CHARS = 12;

  public Receipt {
    streams = List.copyOf(streams);
  }

  /** Per stream its cut, in name order. */
  public List<StreamCut> cuts() {
    return streams.stream().map(PinnedStream::cut).toList();
  }

  /** The cut of one stream; empty if the receipt does not hold it. */
  public Optional<StreamCut> cut(String stream) {
    return find(stream).map(PinnedStream::cut);
  }

  /**
   * One stream's part, which a statement needs.
   *
   * @throws WatershedException {@code invalid-input} if the receipt does not hold it
   */
  public PinnedStream require(String stream) {
    return find(stream)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INVALID_INPUT,
                    "the receipt " + id + " does not hold the stream '" + stream + "'",
                    "It holds: "
                        + String.join(", ", streams.stream().map(PinnedStream::stream).toList())
                        + ". Only these have one cut in common."));
  }

  /** One stream's part; empty if the receipt does not hold it. */
  public Optional<PinnedStream> find(String stream) {
    return streams.stream().filter(pinned -> pinned.stream().equals(stream)).findFirst();
  }
}
