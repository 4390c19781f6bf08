package io.watershed.glue;

import java.time.Instant;
import java.util.Optional;

/**
 * How one archive's table in Glue is doing, since this process began.
 *
 * @param stream its name in the reservoir
 * @param version what the table points to; 0 before it was ever reached
 * @param failingSince since when it is not brought up to date; empty if it is
 * @param error why
 * @param alarms how often somebody else had changed what only we may change
 */
public record MirrorStatus(
    String stream,
    long version,
    Optional<Instant> failingSince,
    Optional<String> error,
    long alarms) {
  static MirrorStatus unknown(String stream) {
    return new MirrorStatus(stream, 0, Optional.empty(), Optional.empty(), 0);
  }

  MirrorStatus reached(MirrorOutcome outcome) {
    return new MirrorStatus(
        stream,
        outcome.version(),
        Optional.empty(),
        Optional.empty(),
        alarms + (outcome.isAlarm() ? 1 : 0));
  }

  MirrorStatus failed(Instant now, String why) {
    return new MirrorStatus(
        stream, version, Optional.of(failingSince.orElse(now)), Optional.of(why), alarms);
  }
}
