package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.config.ArchiveSettings.Commits;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a commit is due, makes sure that what it holds is of the incarnation that it names,
 * and deals with what became of it. One commit at a time, one step at a time.
 */
final class Committing {
  private static final Logger LOG = LoggerFactory.getLogger(Committing.class);

  private final Course course;
  private final Helm helm;
  private final Consumer<Throwable> defect;
  private final Outage outage;
  private final MemoryShare memory;
  private boolean underway;
  private Instant notBefore = Instant.MIN;

  /**
   * @param defect what to do when a commit throws what it should not
   */
  Committing(Course course, Helm helm, Consumer<Throwable> defect) {
    this.course = course;
    this.helm = helm;
    this.defect = defect;
    this.outage = course.newOutage();
    this.memory = course.parts().memory();
  }

  /** Commits if it is time; after the last commit, ends or opens again. */
  void ifDue() {
    OpenStream current = course.open();
    if (current == null || underway || course.now().isBefore(notBefore)) {
      return;
    }
    Session session = current.session();
    boolean stopping = course.is(Phase.STOPPING);
    boolean last = stopping || current.isLeft();
    boolean due =
        last
            ? session.isDirty() || session.isHeartbeatDue()
            : session.isCommitDue(policy(), memory.isHungry(), course.now());
    if (due) {
      begin(current);
    } else if (stopping) {
      helm.finish(Optional.empty());
    } else if (current.isLeft()) {
      helm.reopen();
    }
  }

  private CommitPolicy policy() {
    Commits settings = course.settings().commits();
    return new CommitPolicy(
        settings.interval(),
        Math.min(settings.bytes(), memory.capBytes() / 2),
        memory.guaranteedBytes() / 2);
  }

  private void begin(OpenStream current) {
    underway = true;
    Session session = current.session();
    CommitInput input = session.commitInput();
    if (session.isConfirmed() || current.isLeft()) {
      send(current, input);
      return;
    }
    long readsBefore = session.reads();
    course
        .steps()
        .await(
            current.source().describe(),
            description -> described(current, input, description, readsBefore),
            thrown -> unconfirmed(current, input, StreamFailure.of(thrown)));
  }

  private void described(
      OpenStream current, CommitInput input, StreamDescription description, long readsBefore) {
    if (!course.isOpen(current.session())) {
      underway = false;
    } else if (current.confirms(description, readsBefore)) {
      send(current, input);
    } else {
      underway = false;
      ifDue();
    }
  }

  /** The stream does not say whether it is still the one that was read. */
  private void unconfirmed(OpenStream current, CommitInput input, StreamFailure problem) {
    if (!course.isOpen(current.session())) {
      underway = false;
    } else if (problem.kind() == Kind.NOT_FOUND) {
      // Deleted, and not created again: what was read was of the one that is gone.
      current.leave();
      send(current, input);
    } else if (course.is(Phase.STOPPING)) {
      underway = false;
      current.session().keepConfirmed();
      ifDue();
    } else {
      underway = false;
      failed(problem.toError());
    }
  }

  private void send(OpenStream current, CommitInput input) {
    Session session = current.session();
    TableState base = session.base();
    Instant startedAt = course.now();
    course
        .steps()
        .block(
            () -> current.committer().run(base, session.incarnation(), input),
            result -> {
              underway = false;
              if (course.isOpen(session)) {
                ended(current, result, startedAt);
              }
            },
            thrown -> {
              underway = false;
              defect.accept(thrown);
            });
  }

  private void ended(OpenStream current, CommitResult result, Instant startedAt) {
    if (result instanceof CommitResult.Committed done) {
      landed(current, done, startedAt);
    } else if (result instanceof CommitResult.Fenced fenced) {
      helm.fenced(fenced.error());
    } else if (result instanceof CommitResult.Hopeless hopeless) {
      helm.finish(Optional.of(hopeless.error()));
    } else if (result instanceof CommitResult.Failed failed) {
      failed(failed.error());
    } else if (course.is(Phase.STOPPING)) {
      helm.finish(Optional.empty());
    }
  }

  private void landed(OpenStream current, CommitResult.Committed done, Instant startedAt) {
    if (outage.succeeded() > 0) {
      course.recovered("the reservoir");
    }
    Instant now = course.now();
    current.session().committed(done.input(), done.plan(), done.state(), startedAt);
    done.plan()
        .through()
        .forEach((key, last) -> current.source().archived(key.shardId(), last.sequenceNumber()));
    course.progress().committed(done.plan(), now);
    log(done.plan(), Duration.between(startedAt, now));
    current.reads().pump();
    helm.proceed();
  }

  private void log(CommitPlan plan, Duration took) {
    if (plan.rows() + plan.skipped() == 0 && plan.gaps().isEmpty()) {
      LOG.debug("{}: committed {} checkpoints", course.name(), plan.checkpoints().size());
      return;
    }
    LOG.info(
        "{}: committed {} records ({} bytes, {} replayed ones skipped) in {} files, {} ms",
        course.name(),
        plan.rows(),
        plan.payloadBytes(),
        plan.skipped(),
        plan.days().size(),
        took.toMillis());
  }

  private void failed(WatershedException error) {
    Optional<Duration> pause = outage.failed(course.now(), course.settings().outages().limit());
    if (pause.isEmpty()) {
      helm.finish(Optional.of(error));
      return;
    }
    course.retrying(error, pause.get());
    notBefore = course.now().plus(pause.get());
    course.steps().later(pause.get(), this::ifDue);
  }
}
