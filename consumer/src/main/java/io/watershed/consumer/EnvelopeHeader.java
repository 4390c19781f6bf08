package io.watershed.consumer;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an envelope says of the record inside it. The digest of the original bytes is not here: the
 * codec adds it.
 *
 * @param replayId the replay that sent the record
 * @param origin the archived record that it is a copy of
 * @param arrival when the original arrived in its stream, approximately
 * @param epoch which owner of the run sent it, from 1: takeovers count up (PROTOCOL 6.5)
 * @param fence for a replay that overwrites: the target's position when the run began (PROTOCOL
 *     7.3)
 * @param annotations text that the replay's plan adds, in name order
 */
public record EnvelopeHeader(
    String replayId,
    Position origin,
    Instant arrival,
    long epoch,
    Optional<Position> fence,
    Map<String, String> annotations) {

  public EnvelopeHeader {
    if (epoch < 0) {
      throw new IllegalArgumentException("epoch " + epoch + " is negative");
    }
    annotations =
        annotations.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  /** A plain replay: no fence, no annotations. */
  public static EnvelopeHeader of(String replayId, Position origin, Instant arrival, long epoch) {
    return new EnvelopeHeader(replayId, origin, arrival, epoch, Optional.empty(), Map.of());
  }
}
