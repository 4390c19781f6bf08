package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives one stream. Everything here happens in {@link Steps}, one at a time: open (load the
 * table, describe the stream, list its shards), read, commit; and back to open when another
 * archiver fenced us or the stream has a new incarnation.
 *
 * <p>What is lost with this object is only what was read and not committed: the next one reads it
 * again.
 */
final class StreamArchiver {
  private static final Logger LOG = LoggerFactory.getLogger(StreamArchiver.class);
  private static final Duration LONGEST_TICK = Duration.ofMillis(500);
  private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

  /** With {@code --once}: listings to wait for the children of a shard that has ended. */
  private static final int MAX_CHILD_LISTINGS = 5;

  private final ArchiverParts parts;
  private final ArchiveSettings settings;
  private final Steps steps;
  private final CompletableFuture<StreamOutcome> outcome = new CompletableFuture<>();
  private final PendingRecords pending = new PendingRecords();
  private final Progress progress = new Progress();
  private final FenceWatch fences;
  private final Outage opening;
  private final Outage committingOutage;
  private final Map<ShardKey, Outage> readOutages = new HashMap<>();
  private final Set<ShardKey> atTip = new HashSet<>();

  private ArchiveMode mode = ArchiveMode.CONTINUOUS;
  private Phase phase = Phase.OPENING;
  private @Nullable Open open;
  private boolean everOpened;
  private boolean stopAsked;
  private boolean committing;
  private boolean listing;
  private boolean reopenWhenCommitted;
  private int childListings;
  private Instant commitNotBefore = Instant.MIN;
  private Optional<WatershedException> failure = Optional.empty();
  private Optional<String> trouble = Optional.empty();
  private volatile StreamStatus status;

  /** What there is between two openings. */
  private record Open(
      StreamSource source, Session session, ShardReads reads, Committer committer) {}

  StreamArchiver(ArchiverParts parts) {
    this.parts = parts;
    this.settings = parts.settings();
    this.steps = new Steps(parts.scheduler(), parts.blocking(), this::defect);
    this.fences = new FenceWatch(settings);
    this.opening = new Outage(settings.retryBackoff(), settings.retryBackoffMax());
    this.committingOutage = new Outage(settings.retryBackoff(), settings.retryBackoffMax());
    this.status = StatusView.of(parts.name(), phase, null, progress, fences, trouble, steps.now());
  }

  /** Begins; the outcome completes when it has ended. It never fails. */
  CompletableFuture<StreamOutcome> start(ArchiveMode howLong) {
    steps.run(
        () -> {
          mode = howLong;
          open();
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
    return pending;
  }

  // ---- open: table, stream, shards

  private void open() {
    phase = Phase.OPENING;
    closeSession();
    steps.block(
        () -> {
          ArchiveTable table = parts.table().get();
          return new Loaded(table, table.load(), parts.sources().get());
        },
        loaded ->
            steps.await(
                loaded.source().describe(),
                description -> list(loaded, description),
                this::openFailed),
        this::openFailed);
  }

  private record Loaded(ArchiveTable table, TableState state, StreamSource source) {}

  private void list(Loaded loaded, StreamDescription description) {
    Instant listedAt = steps.now();
    steps.await(
        loaded.source().listShards().thenCompose(listed -> withHidden(loaded, description, listed)),
        listed -> opened(loaded, description, listed, listedAt),
        this::openFailed);
  }

  /** Adds the unfinished shards that the listing does not name, but that can still be read. */
  private CompletableFuture<List<Shard>> withHidden(
      Loaded loaded, StreamDescription description, List<Shard> listed) {
    Set<ShardKey> keys = new HashSet<>();
    listed.forEach(shard -> keys.add(shard.key()));
    List<Shard> missing =
        loaded.state().checkpoints().values().stream()
            .filter(checkpoint -> !checkpoint.after().isEnd() && !keys.contains(checkpoint.key()))
            .filter(c -> c.key().incarnation().equals(description.incarnation().id()))
            .map(ShardCheckpoint::shard)
            .toList();
    return new HiddenShards(loaded.source()).add(listed, missing);
  }

  private void opened(
      Loaded loaded, StreamDescription description, List<Shard> listed, Instant listedAt) {
    if (phase != Phase.OPENING) {
      return;
    }
    String incarnation = description.incarnation().id();
    if (listed.stream().anyMatch(shard -> !shard.key().incarnation().equals(incarnation))) {
      openFailed(
          new StreamFailure(
              Kind.TRANSIENT, "The stream was created again while it was opened", null));
      return;
    }
    opening.succeeded();
    everOpened = true;
    reopenWhenCommitted = false;
    Session session = Session.open(loaded.state(), description, listed, listedAt, pending);
    ShardReads reads =
        new ShardReads(
            parts,
            loaded.source(),
            steps,
            session.retention(),
            session::bufferedBytes,
            listenerOf(session));
    Committer committer = new Committer(loaded.table(), parts.files(), settings.maxDaysPerCommit());
    open = new Open(loaded.source(), session, reads, committer);
    phase = Phase.RUNNING;
    trouble = Optional.empty();
    LOG.info(
        "{}: archiving {}: {} unfinished shards, generation {}",
        parts.name(),
        session.incarnation().id(),
        session.feeds().size(),
        session.base().generation());
    session.commitInput().gaps().forEach(this::warnOfGap);
    startReading();
    finishIfDrained();
    steps.later(settings.listInterval(), () -> listAgain(session));
  }

  private void openFailed(Throwable thrown) {
    if (phase != Phase.OPENING) {
      return;
    }
    WatershedException error = errorOf(thrown);
    boolean useless =
        thrown instanceof WatershedException
            ? !isOutage(error.code())
            : !isOutage(StreamFailure.of(thrown).kind());
    Duration limit = everOpened ? settings.outageLimit() : startLimit();
    Optional<Duration> pause = useless ? Optional.empty() : opening.failed(steps.now(), limit);
    if (pause.isEmpty()) {
      finish(Optional.of(error));
      return;
    }
    retrying(error, pause.get());
    steps.later(
        pause.get(),
        () -> {
          if (phase == Phase.OPENING) {
            open();
          }
        });
  }

  private Duration startLimit() {
    Duration outage = settings.outageLimit();
    return outage.compareTo(ArchiveSettings.START_LIMIT) < 0 ? outage : ArchiveSettings.START_LIMIT;
  }

  private void closeSession() {
    if (open != null) {
      open.reads().close();
      open = null;
    }
    pending.clear();
    atTip.clear();
    readOutages.clear();
    childListings = 0;
  }

  // ---- read

  private ShardReads.Listener listenerOf(Session session) {
    return new ShardReads.Listener() {
      @Override
      public void read(ShardFeed feed, ReadBatch batch, Instant askedAt) {
        accept(session, feed, batch, askedAt);
      }

      @Override
      public void gap(ShardFeed feed, Gap gap) {
        session.found(gap, steps.now());
        warnOfGap(gap);
      }

      @Override
      public void failed(ShardFeed feed, StreamFailure failure) {
        readFailed(session, feed, failure);
      }
    };
  }

  private void startReading() {
    if (open == null || phase != Phase.RUNNING || reopenWhenCommitted) {
      return;
    }
    for (ShardFeed feed : open.session().startable()) {
      feed.start();
      LOG.debug("{}: reading {}", parts.name(), feed.key());
      open.reads().request(feed);
    }
  }

  private void accept(Session session, ShardFeed feed, ReadBatch batch, Instant askedAt) {
    Open current = currentOf(session);
    if (current == null) {
      return;
    }
    Outage outage = readOutages.remove(feed.key());
    if (outage != null) {
      LOG.info("{}: {} answers again", parts.name(), feed.key());
      trouble = Optional.empty();
    }
    Instant now = steps.now();
    session.accept(feed, batch, askedAt, now);
    batch.gapBefore().ifPresent(this::warnOfGap);
    long bytes = batch.records().stream().mapToLong(record -> record.payload().length).sum();
    progress.read(batch.records().size(), bytes, now);
    if (feed.isDrained()) {
      LOG.info("{}: {} is read to its end", parts.name(), feed.key());
      startReading();
      if (!session.ends(feed)) {
        listNow(session);
      }
    } else if (mode == ArchiveMode.ONCE && batch.atTip()) {
      atTip.add(feed.key());
    } else {
      current.reads().request(feed);
    }
    commitIfDue();
    finishIfDrained();
  }

  private void readFailed(Session session, ShardFeed feed, StreamFailure problem) {
    Open current = currentOf(session);
    if (current == null) {
      return;
    }
    if (problem.kind() == Kind.NOT_FOUND) {
      findOutWhatIsGone(session, feed, problem);
      return;
    }
    Optional<Duration> pause =
        problem.kind() == Kind.PERMANENT
            ? Optional.empty()
            : readOutages
                .computeIfAbsent(
                    feed.key(),
                    key -> new Outage(settings.retryBackoff(), settings.retryBackoffMax()))
                .failed(steps.now(), settings.outageLimit());
    if (pause.isEmpty()) {
      fail(problem.toError());
      return;
    }
    retrying(problem.toError(), pause.get());
    current.reads().requestLater(feed, pause.get());
  }

  /** A shard was not found: it expired, the stream was deleted, or it was created again. */
  private void findOutWhatIsGone(Session session, ShardFeed feed, StreamFailure problem) {
    Open asked = currentOf(session);
    if (asked == null) {
      return;
    }
    long readsBefore = session.reads();
    steps.await(
        asked.source().describe(),
        description -> {
          Open current = currentOf(session);
          if (current == null || isOtherIncarnation(session, description, readsBefore)) {
            return;
          }
          warnOfGap(session.loseFeed(feed, steps.now()));
          startReading();
          finishIfDrained();
        },
        thrown -> {
          StreamFailure failed = StreamFailure.of(thrown);
          Open current = currentOf(session);
          if (current == null) {
            return;
          }
          if (isOutage(failed.kind())) {
            current.reads().requestLater(feed, settings.retryBackoff());
          } else {
            fail(failed.kind() == Kind.NOT_FOUND ? problem.toError() : failed.toError());
          }
        });
  }

  private boolean isOtherIncarnation(
      Session session, StreamDescription description, long readsBefore) {
    if (description.incarnation().equals(session.incarnation())) {
      session.confirmed(description, readsBefore);
      return false;
    }
    if (!reopenWhenCommitted) {
      LOG.warn(
          "{}: the stream was created again ({}); finishing {}",
          parts.name(),
          description.incarnation().id(),
          session.incarnation().id());
      session.keepConfirmed();
      reopenWhenCommitted = true;
      if (open != null) {
        open.reads().close();
      }
      commitIfDue();
    }
    return true;
  }

  // ---- list

  private void listAgain(Session session) {
    if (currentOf(session) != null) {
      listNow(session);
      steps.later(settings.listInterval(), () -> listAgain(session));
    }
  }

  private void listNow(Session session) {
    Open asked = currentOf(session);
    if (listing || asked == null) {
      return;
    }
    listing = true;
    long readsBefore = session.reads();
    steps.await(
        asked.source().describe(),
        description -> {
          if (currentOf(session) == null || isOtherIncarnation(session, description, readsBefore)) {
            listing = false;
            return;
          }
          Instant listedAt = steps.now();
          steps.await(
              asked.source().listShards(),
              listed -> listed(session, listed, listedAt),
              thrown -> listFailed(session, thrown));
        },
        thrown -> listFailed(session, thrown));
  }

  private void listed(Session session, List<Shard> listed, Instant listedAt) {
    listing = false;
    if (currentOf(session) == null) {
      return;
    }
    session.listed(listed, listedAt);
    childListings = session.lacksChildren() ? childListings + 1 : 0;
    startReading();
    commitIfDue();
    finishIfDrained();
  }

  private void listFailed(Session session, Throwable thrown) {
    listing = false;
    if (currentOf(session) == null) {
      return;
    }
    StreamFailure problem = StreamFailure.of(thrown);
    if (isOutage(problem.kind())) {
      LOG.debug("{}: listing failed, will be repeated: {}", parts.name(), problem.getMessage());
    } else {
      fail(problem.toError());
    }
  }

  // ---- commit

  private void commitIfDue() {
    Open current = open;
    if (current == null || committing || steps.now().isBefore(commitNotBefore)) {
      return;
    }
    Session session = current.session();
    boolean last = phase == Phase.STOPPING || reopenWhenCommitted;
    boolean due =
        last
            ? session.isDirty() || session.isHeartbeatDue()
            : session.isCommitDue(settings, parts.bufferBytes(), steps.now());
    if (due) {
      commit(current);
    } else if (phase == Phase.STOPPING) {
      finish(failure);
    } else if (reopenWhenCommitted) {
      open();
    }
  }

  private void commit(Open current) {
    committing = true;
    Session session = current.session();
    CommitInput input = session.commitInput();
    if (session.isConfirmed() || reopenWhenCommitted) {
      send(current, input);
      return;
    }
    long readsBefore = session.reads();
    steps.await(
        current.source().describe(),
        description -> {
          if (!isStillOpen(session)) {
            committing = false;
          } else if (isOtherIncarnation(session, description, readsBefore)) {
            committing = false;
            commitIfDue();
          } else {
            send(current, input);
          }
        },
        thrown -> unconfirmed(current, input, StreamFailure.of(thrown)));
  }

  /** The stream does not say whether it is still the one that was read. */
  private void unconfirmed(Open current, CommitInput input, StreamFailure problem) {
    if (!isStillOpen(current.session())) {
      committing = false;
    } else if (problem.kind() == Kind.NOT_FOUND) {
      // Deleted, and not created again: what was read was of the one that is gone.
      reopenWhenCommitted = true;
      current.reads().close();
      send(current, input);
    } else if (phase == Phase.STOPPING) {
      committing = false;
      current.session().keepConfirmed();
      commitIfDue();
    } else {
      committing = false;
      commitFailed(problem.toError());
    }
  }

  private boolean isStillOpen(Session session) {
    return open != null && open.session() == session;
  }

  private void send(Open current, CommitInput input) {
    Session session = current.session();
    TableState base = session.base();
    Instant startedAt = steps.now();
    steps.block(
        () -> current.committer().run(base, session.incarnation(), input),
        result -> {
          committing = false;
          if (isStillOpen(session)) {
            committed(current, result, startedAt);
          }
        },
        thrown -> {
          committing = false;
          defect(thrown);
        });
  }

  private void committed(Open current, CommitResult result, Instant startedAt) {
    if (result instanceof CommitResult.Committed done) {
      landed(current, done, startedAt);
    } else if (result instanceof CommitResult.Fenced fenced) {
      fenced(fenced.error());
    } else if (result instanceof CommitResult.Hopeless hopeless) {
      finish(Optional.of(hopeless.error()));
    } else if (result instanceof CommitResult.Failed failed) {
      commitFailed(failed.error());
    } else if (phase == Phase.STOPPING) {
      finish(failure);
    }
  }

  private void landed(Open current, CommitResult.Committed done, Instant startedAt) {
    if (committingOutage.succeeded() > 0) {
      LOG.info("{}: the reservoir answers again", parts.name());
      trouble = Optional.empty();
    }
    Instant now = steps.now();
    current.session().committed(done.input(), done.plan(), done.state(), startedAt);
    progress.committed(done.plan(), now);
    logCommit(done, Duration.between(startedAt, now));
    current.reads().pump();
    commitIfDue();
    finishIfDrained();
  }

  private void logCommit(CommitResult.Committed done, Duration took) {
    CommitPlan plan = done.plan();
    if (plan.rows() + plan.skipped() == 0 && plan.gaps().isEmpty()) {
      LOG.debug("{}: committed {} checkpoints", parts.name(), plan.checkpoints().size());
      return;
    }
    LOG.info(
        "{}: committed {} records ({} bytes, {} replayed ones skipped) in {} files, {} ms",
        parts.name(),
        plan.rows(),
        plan.payloadBytes(),
        plan.skipped(),
        plan.days().size(),
        took.toMillis());
  }

  private void commitFailed(WatershedException error) {
    Optional<Duration> pause = committingOutage.failed(steps.now(), settings.outageLimit());
    if (pause.isEmpty()) {
      finish(Optional.of(error));
      return;
    }
    retrying(error, pause.get());
    commitNotBefore = steps.now().plus(pause.get());
    steps.later(pause.get(), this::commitIfDue);
  }

  // ---- fenced

  private void fenced(WatershedException error) {
    closeSession();
    fences.encountered(steps.now());
    LOG.warn("{}: {}", parts.name(), error.getMessage());
    if (fences.isExhausted() || stopAsked) {
      finish(Optional.of(otherArchiver()));
      return;
    }
    phase = Phase.FENCED;
    trouble = Optional.of("Another archiver commits to this table");
    lookAtGeneration(this::watch);
  }

  /** Stands back, then looks whether the other archiver has committed since. */
  private void watch(long generation) {
    long jitterMillis = parts.random().nextLong(fences.backoff().toMillis() / 2 + 1);
    Duration backoff = fences.backoff().plusMillis(jitterMillis);
    LOG.info("{}: standing back for {} ms", parts.name(), backoff.toMillis());
    steps.later(
        backoff,
        () ->
            lookAtGeneration(
                now -> {
                  if (now == generation) {
                    LOG.info("{}: the other archiver is silent; going on", parts.name());
                    open();
                    return;
                  }
                  fences.encountered(steps.now());
                  if (fences.isExhausted()) {
                    finish(Optional.of(otherArchiver()));
                  } else {
                    watch(now);
                  }
                }));
  }

  private void lookAtGeneration(java.util.function.LongConsumer then) {
    if (phase != Phase.FENCED) {
      return;
    }
    steps.block(
        () -> parts.table().get().load().generation(),
        generation -> {
          if (phase == Phase.FENCED) {
            then.accept(generation);
          }
        },
        thrown -> {
          if (phase == Phase.FENCED) {
            open();
          }
        });
  }

  private WatershedException otherArchiver() {
    return new WatershedException(
        ErrorCode.FENCED,
        "Another archiver commits to the table of "
            + parts.name()
            + " ("
            + fences.total()
            + " encounters); this one gives up",
        "Run one archiver per stream and reservoir. Nothing is lost: the other one goes on.");
  }

  // ---- end

  /** With {@code --once}: ends when every shard is read to its tip. */
  private void finishIfDrained() {
    Open current = open;
    if (mode != ArchiveMode.ONCE || current == null || phase != Phase.RUNNING) {
      return;
    }
    Session session = current.session();
    boolean patient = childListings < MAX_CHILD_LISTINGS;
    boolean drained =
        session.startable().isEmpty()
            && session.feeds().stream().allMatch(feed -> isDone(session, feed, patient));
    if (drained && !reopenWhenCommitted) {
      beginStop();
    }
  }

  private boolean isDone(Session session, ShardFeed feed, boolean patient) {
    if (feed.isDrained()) {
      return session.ends(feed) || !patient;
    }
    return atTip.contains(feed.key()) || (!feed.isStarted() && !patient);
  }

  private void fail(WatershedException error) {
    failure = failure.or(() -> Optional.of(error));
    beginStop();
  }

  private void beginStop() {
    if (phase == Phase.STOPPING || phase == Phase.DONE) {
      return;
    }
    if (open == null) {
      finish(failure);
      return;
    }
    phase = Phase.STOPPING;
    open.reads().close();
    steps.later(settings.stopDeadline(), this::stopIsOverdue);
    commitIfDue();
  }

  private void stopIsOverdue() {
    if (phase == Phase.STOPPING && (stopAsked || failure.isPresent())) {
      String why = trouble.map(text -> ": " + text).orElse("");
      finish(
          failure.or(
              () ->
                  Optional.of(
                      new WatershedException(
                          ErrorCode.UNREACHABLE,
                          parts.name() + ": what was read could not be committed in time" + why,
                          "Nothing is lost: the next run reads it again."))));
    }
  }

  private void finish(Optional<WatershedException> why) {
    if (phase == Phase.DONE) {
      return;
    }
    phase = Phase.DONE;
    failure = failure.or(() -> why);
    failure.ifPresent(
        error -> LOG.error("{}: {}. {}", parts.name(), error.getMessage(), error.hint()));
    publish();
    closeSession();
    steps.drop();
    outcome.complete(progress.outcome(parts.name(), fences.total(), failure));
  }

  // ---- small things

  private void tick() {
    publish();
    if (open != null) {
      open.reads().pump();
      commitIfDue();
    }
    Duration quarter = settings.commitInterval().dividedBy(4);
    Duration atMost = quarter.compareTo(LONGEST_TICK) < 0 ? quarter : LONGEST_TICK;
    steps.later(atMost.compareTo(SHORTEST_TICK) > 0 ? atMost : SHORTEST_TICK, this::tick);
  }

  private void publish() {
    Session session = open == null ? null : open.session();
    status = StatusView.of(parts.name(), phase, session, progress, fences, trouble, steps.now());
  }

  private @Nullable Open currentOf(Session session) {
    return open != null && open.session() == session && phase == Phase.RUNNING ? open : null;
  }

  private void warnOfGap(Gap gap) {
    LOG.warn(
        "{}: possible gap in {} after {}: {}",
        parts.name(),
        gap.shard(),
        gap.afterPosition(),
        gap.reason());
  }

  private void retrying(WatershedException error, Duration pause) {
    trouble = Optional.of(String.valueOf(error.getMessage()));
    LOG.warn("{}: {}. Trying again in {} ms", parts.name(), error.getMessage(), pause.toMillis());
  }

  private void defect(RuntimeException thrown) {
    if (thrown instanceof WatershedException error) {
      finish(Optional.of(error));
      return;
    }
    LOG.error("{}: a step failed", parts.name(), thrown);
    finish(
        Optional.of(
            new WatershedException(
                ErrorCode.INTERNAL,
                parts.name() + ": the archiver failed: " + thrown.getClass().getSimpleName(),
                "Nothing is lost: the next run reads it again. The log has the details; please"
                    + " report it.",
                thrown)));
  }

  private static WatershedException errorOf(Throwable thrown) {
    return thrown instanceof WatershedException error ? error : StreamFailure.of(thrown).toError();
  }

  private static boolean isOutage(Kind kind) {
    return kind == Kind.THROTTLED || kind == Kind.TRANSIENT;
  }

  private static boolean isOutage(ErrorCode code) {
    return code == ErrorCode.STORE || code == ErrorCode.UNREACHABLE;
  }
}
