package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.ArchiveTable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives one stream. Everything here happens in {@link Steps}, one at a time: {@link Opening}
 * loads the table and lists the shards, {@link Reading} and {@link Listing} fill a {@link Session},
 * {@link Committing} empties it; and back to the opening when another archiver fenced us ({@link
 * Fencing}) or the stream has a new incarnation. This class begins, ends, and hands on.
 *
 * <p>What is lost with this object is only what was read and not committed: the next one reads it
 * again.
 */
final class StreamArchiver implements Helm {
  private static final Logger LOG = LoggerFactory.getLogger(StreamArchiver.class);
  private static final Duration LONGEST_TICK = Duration.ofMillis(500);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

  private final Course course;
  private final Steps steps;
  private final Opening opening;
  private final Committing committing;
  private final Fencing fencing;
  private final CompletableFuture<StreamOutcome> outcome = new CompletableFuture<>();
  private @Nullable Reading reading;
  private boolean stopAsked;
  private Optional<WatershedException> failure = Optional.empty();
  private volatile StreamStatus status;

  StreamArchiver(ArchiverParts parts) {
    this.steps = new Steps(parts.name(), parts.scheduler(), parts.blocking(), this::defect);
    this.course = new Course(parts, steps);
    this.opening = new Opening(course, this, this::opened);
    this.committing = new Committing(course, this, this::defect);
    this.fencing = new Fencing(course, this);
    this.status = course.status();
  }

  /** Begins; the outcome completes when it has ended. It never fails. */
  CompletableFuture<StreamOutcome> start(ArchiveMode howLong) {
    steps.run(
        () -> {
          course.runs(howLong);
          reopen();
          tick();
        });
    return outcome;
  }

  /** Asks it to commit what was read and to end. */
  void stop() {
    steps.run(
        () -> {
          stopAsked = true;
          beginStop();
        });
  }

  /** Ends it where it stands, without a commit, as a crash would. */
  void abandon() {
    steps.drop();
  }

  /** What it does now. Any thread. */
  StreamStatus status() {
    return status;
  }

  /** The records that are read and not committed. Any thread. */
  PendingRecords pending() {
    return course.pending();
  }

  // ---- begin

  @Override
  public void reopen() {
    reading = null;
    opening.begin();
  }

  private void opened(Opening.Opened found) {
    ArchiverParts parts = course.parts();
    Session session =
        Session.open(
            found.state(), found.description(), found.listed(), found.listedAt(), course.pending());
    course
        .pending()
        .open(
            new PendingRecords.Of(
                found.state().tableUuid(), session.incarnation().id(), found.source().documents()));
    Listing listing = new Listing(course, this, session);
    reading = new Reading(course, this, session, listing);
    ShardReads reads = new ShardReads(parts, found.source(), steps, session, reading);
    course.opened(
        new OpenStream(
            parts.name(),
            found.source(),
            session,
            reads,
            committer(parts, found.table(), found.source().keepsReplayed()),
            new TrimWatch(parts.name(), session, parts.settings().trimAlarm())));
    LOG.info(
        "{}: archiving {}: {} unfinished shards, generation {}",
        parts.name(),
        session.incarnation().id(),
        session.feeds().size(),
        session.base().generation());
    session.commitInput().gaps().forEach(course::warnOf);
    reading.start();
    endIfDrained();
    listing.repeat();
  }

  private static Committer committer(
      ArchiverParts parts, ArchiveTable table, boolean keepsReplayed) {
    return new Committer(table, parts.files(), parts.settings().commits().maxDays(), keepsReplayed);
  }

  // ---- go on

  @Override
  public void shardsChanged() {
    if (reading != null) {
      reading.start();
    }
    proceed();
  }

  @Override
  public void proceed() {
    committing.ifDue();
    endIfDrained();
  }

  @Override
  public void fenced(WatershedException error) {
    reading = null;
    fencing.fenced(error, stopAsked);
  }

  private void tick() {
    publish();
    OpenStream open = course.open();
    if (open != null) {
      open.trims().look(steps.now());
      open.reads().pump();
      committing.ifDue();
    }
    Duration quarter = course.settings().commits().interval().dividedBy(4);
    Duration atMost = quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK;
    steps.later(atMost.compareTo(SHORTEST_TICK) > 0 ? atMost : SHORTEST_TICK, this::tick);
  }

  private void publish() {
    status = course.status();
  }

  // ---- end

  /** With {@code --once}: ends when every shard is read to its tip. */
  private void endIfDrained() {
    OpenStream open = course.open();
    if (course.isOnce()
        && course.is(Phase.RUNNING)
        && open != null
        && !open.isLeft()
        && reading != null
        && reading.isDrained()) {
      beginStop();
    }
  }

  @Override
  public void fail(WatershedException error) {
    failure = failure.or(() -> Optional.of(error));
    beginStop();
  }

  private void beginStop() {
    if (course.is(Phase.STOPPING) || course.is(Phase.DONE)) {
      return;
    }
    OpenStream open = course.open();
    if (open == null) {
      finish(failure);
      return;
    }
    course.enter(Phase.STOPPING);
    open.reads().close();
    steps.later(course.settings().stopDeadline(), this::stopIsOverdue);
    committing.ifDue();
  }

  private void stopIsOverdue() {
    if (course.is(Phase.STOPPING) && (stopAsked || failure.isPresent())) {
      String why = course.trouble().map(text -> ": " + text).orElse("");
      finish(
          Optional.of(
              new WatershedException(
                  ErrorCode.UNREACHABLE,
                  course.name() + ": what was read could not be committed in time" + why,
                  "Nothing is lost: the next run reads it again.")));
    }
  }

  /** The first failure counts: what came after it may be its consequence. */
  @Override
  public void finish(Optional<WatershedException> why) {
    if (course.is(Phase.DONE)) {
      return;
    }
    course.enter(Phase.DONE);
    failure = failure.or(() -> why);
    failure.ifPresent(
        error -> LOG.error("{}: {}. {}", course.name(), error.getMessage(), error.hint()));
    publish();
    reading = null;
    course.close();
    course.parts().memory().close();
    steps.drop();
    outcome.complete(course.progress().outcome(course.name(), course.fences().total(), failure));
  }

  private void defect(Throwable thrown) {
    if (thrown instanceof WatershedException error) {
      finish(Optional.of(error));
      return;
    }
    LOG.error("{}: a step failed", course.name(), thrown);
    finish(
        Optional.of(
            new WatershedException(
                ErrorCode.INTERNAL,
                course.name() + ": the archiver failed: " + thrown.getClass().getSimpleName(),
                "Nothing is lost: the next run reads it again. The log has the details; please"
                    + " report it.",
                thrown)));
  }
}
