package io.watershed.cli;

import io.watershed.archive.verify.VerifyListener;
import io.watershed.core.config.DataSize;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How far a verification is, how fast, and how long it will take. Used by one thread. */
final class VerifyProgressLine implements VerifyListener {
  private final String stream;
  private final InstantSource clock;
  private final ProgressLine line;
  private @Nullable Phase phase;
  private Instant begun;
  private Instant heard;

  VerifyProgressLine(Console console, InstantSource clock, String stream) {
    this.stream = stream;
    this.clock = clock;
    this.line = new ProgressLine(console, clock);
    this.begun = clock.instant();
    this.heard = begun;
  }

  @Override
  public void progress(Progress progress) {
    if (progress.phase() != phase) {
      // It began when the one before ended: the first call comes after some work.
      phase = progress.phase();
      begun = heard;
    }
    heard = clock.instant();
    line.update(() -> text(progress, Duration.between(begun, clock.instant())));
  }

  void clear() {
    line.clear();
  }

  String text(Progress progress, Duration passed) {
    double seconds = Math.max(0.001, passed.toMillis() / 1000.0);
    return stream
        + ": "
        + switch (progress.phase()) {
          case FOOTERS ->
              "%,d of %,d footers%s"
                  .formatted(progress.done(), progress.all(), left(progress, seconds));
          case ROWS ->
              "%s of %s of files, %s/s%s"
                  .formatted(
                      new DataSize(progress.done()).approximate(),
                      new DataSize(progress.all()).approximate(),
                      new DataSize((long) (progress.done() / seconds)).approximate(),
                      left(progress, seconds));
          case STREAM -> "%,d records of the stream".formatted(progress.done());
        };
  }

  private static String left(Progress progress, double seconds) {
    if (progress.done() == 0 || progress.all() <= progress.done()) {
      return "";
    }
    double left = seconds * (progress.all() - progress.done()) / progress.done();
    return ", %d:%02d left".formatted((long) left / 60, (long) left % 60);
  }
}
