package io.watershed.archive.verify;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Checks one stream's archive (PROTOCOL 3.7), from the table alone and against what the stream
 * still holds. Reads only; runs beside an archiver, on the snapshot that was current at its start.
 */
public final class Verify {
  private final Reservoir reservoir;
  private final InstantSource clock;

  /**
   * @param reservoir where the archive is
   * @param clock the time
   */
  public Verify(Reservoir reservoir, InstantSource clock) {
    this.reservoir = reservoir;
    this.clock = clock;
  }

  /**
   * Verifies.
   *
   * @param stream the stream's name in the reservoir
   * @param depth how much of each file to read
   * @param source the stream, to compare with what it still holds; empty for the table alone
   * @throws io.watershed.core.error.WatershedException {@code not-found} if there is no archive;
   *     {@code store}, {@code unreachable} and the like if it cannot be read. What is wrong with
   *     the archive itself is in the report
   */
  public VerifyReport run(String stream, VerifyDepth depth, Optional<StreamSource> source) {
    if (reservoir.find(stream).isPresent()) {
      throw new UnsupportedOperationException("under construction: " + clock + source + depth);
    }
    throw new WatershedException(
        ErrorCode.NOT_FOUND,
        "There is no archive of a stream named '" + stream + "'",
        "watershed status lists the archived streams.");
  }
}
