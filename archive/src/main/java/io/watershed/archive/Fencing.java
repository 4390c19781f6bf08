package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when another archiver commits to the same table (PROTOCOL 3.8): stand back, look
 * whether the other one lives, go on if it does not, give up if it does. One step at a time.
 */
final class Fencing {
  private static final Logger LOG = LoggerFactory.getLogger(Fencing.class);

  private final Course course;
  private final Helm helm;

  Fencing(Course course, Helm helm) {
    this.course = course;
    this.helm = helm;
  }

  /**
   * A commit of ours was refused.
   *
   * @param stopAsked whether there is no time to stand back
   */
  void fenced(WatershedException error, boolean stopAsked) {
    course.close();
    course.fences().encountered(course.now());
    LOG.warn("{}: {}", course.name(), error.getMessage());
    if (course.fences().isExhausted() || stopAsked) {
      giveUp();
      return;
    }
    course.enter(Phase.FENCED);
    course.troubled("Another archiver commits to this table");
    look(this::standBack);
  }

  /** Stands back, then looks whether the other archiver has committed since. */
  private void standBack(long generation) {
    Duration backoff = course.fences().backoff();
    long jitterMillis = course.parts().random().nextLong(backoff.toMillis() / 2 + 1);
    Duration pause = backoff.plusMillis(jitterMillis);
    LOG.info("{}: standing back for {} ms", course.name(), pause.toMillis());
    course.steps().later(pause, () -> look(now -> compare(generation, now)));
  }

  private void compare(long before, long now) {
    if (now == before) {
      LOG.info("{}: the other archiver is silent; going on", course.name());
      helm.reopen();
      return;
    }
    course.fences().encountered(course.now());
    if (course.fences().isExhausted()) {
      giveUp();
    } else {
      standBack(now);
    }
  }

  private void look(LongConsumer then) {
    if (!course.is(Phase.FENCED)) {
      return;
    }
    course
        .steps()
        .block(
            () -> course.parts().table().get().load().generation(),
            generation -> {
              if (course.is(Phase.FENCED)) {
                then.accept(generation);
              }
            },
            thrown -> {
              if (course.is(Phase.FENCED)) {
                helm.reopen();
              }
            });
  }

  private void giveUp() {
    helm.finish(
        Optional.of(
            new WatershedException(
                ErrorCode.FENCED,
                "Another archiver commits to the table of "
                    + course.name()
                    + " ("
                    + course.fences().total()
                    + " encounters); this one gives up",
                "Run one archiver per stream and reservoir. Nothing is lost: the other one goes"
                    + " on.")));
  }
}
