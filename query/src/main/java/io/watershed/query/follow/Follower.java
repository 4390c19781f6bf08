package io.watershed.query.follow;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.StreamSources;
import io.watershed.kinesis.StreamSource;
import io.watershed.query.QueryEngine;
import io.watershed.query.StatementControl;
import io.watershed.query.follow.FollowOutcome.Ending;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Follows streams: what the archive holds from the start on, then what the stream holds beyond,
 * then what arrives. Records of one partition key come in order along its shards' lineage (PROTOCOL
 * 1.2); between shards nothing is promised. Several streams may be followed at once, each by a
 * thread.
 */
public final class Follower implements AutoCloseable {
  /** Shards whose records may wait to be taken; an answer has 10 MB at most. */
  private static final int READ_SLOTS = 8;

  /** Attempts of one request; the time ends them sooner. */
  private static final int MAX_ATTEMPTS = 10_000;

  private final QueryEngine engine;
  private final Reservoir reservoir;
  private final StreamSources sources;
  private final SqlSettings sql;
  private final Duration firstContact;
  private final ShardReadSettings reading;
  private final Path temporary;
  private final RealScheduler scheduler = new RealScheduler("follow");

  private Follower(
      QueryEngine engine,
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings sql,
      LiveReadSettings live,
      Duration patience,
      Path temporary) {
    this.engine = engine;
    this.reservoir = reservoir;
    this.sources = sources;
    this.sql = sql;
    this.firstContact = live.timeout();
    this.reading = live.shardReads(MAX_ATTEMPTS, patience);
    this.temporary = temporary;
  }

  /**
   * Opens a follower; what it is given stays the caller's.
   *
   * @param engine scans the archive
   * @param live the pace of reads
   * @param patience how long failures of the stream may last
   * @param temporary a folder for files of running predicates
   */
  public static Follower open(
      QueryEngine engine,
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings sql,
      LiveReadSettings live,
      Duration patience,
      Path temporary) {
    return new Follower(engine, reservoir, sources, sql, live, patience, temporary);
  }

  /**
   * Follows a stream on the calling thread until what is asked for is delivered, the sink takes no
   * more, or the control is cancelled.
   *
   * @throws WatershedException {@code sql} for a predicate that is refused, {@code
   *     stream-not-found}; what happens once it runs is in the outcome
   */
  public FollowOutcome follow(FollowRequest request, FollowSink sink, StatementControl control) {
    Progress progress = new Progress(request.stream());
    Delivery delivery = new Delivery(sink, request.limit(), control, progress);
    Steps steps = new Steps(scheduler);
    ArchiveSide archive = new ArchiveSide(engine, reservoir, request, progress, delivery);
    begin(request, progress);
    Optional<TableState> state = archive.load();
    try (Where where = where(request, state, delivery);
        StatementControl.Registration onCancel =
            control.onCancel(() -> steps.add(delivery::checkWanted))) {
      delivery.checkWanted();
      fromArchive(request, progress, archive, state);
      Optional<LiveFollow> follow =
          live(request, progress, archive, state.isPresent(), delivery, steps, where);
      follow.ifPresent(LiveFollow::run);
      delivery.pause();
      return outcome(Ending.DONE, progress, delivery, Optional.empty());
    } catch (Finished finished) {
      return outcome(finished.ending(), progress, delivery, Optional.empty());
    } catch (WatershedException e) {
      return outcome(Ending.FAILED, progress, delivery, Optional.of(e));
    }
  }

  private static void begin(FollowRequest request, Progress progress) {
    if (request.start() instanceof FollowStart.Since since) {
      progress.since(since.time());
    } else if (request.start() instanceof FollowStart.At at) {
      if (!at.place().stream().equals(request.stream())) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "That place is in the stream '"
                + at.place().stream()
                + "', not in '"
                + request.stream()
                + "'",
            "Follow that stream, or give a place of this one.");
      }
      progress.resume(at.place());
    }
  }

  private static void fromArchive(
      FollowRequest request, Progress progress, ArchiveSide archive, Optional<TableState> state) {
    boolean whole =
        request.start() instanceof FollowStart.Earliest
            || request.start() instanceof FollowStart.Since;
    if (state.isPresent() && (whole || progress.inArchive())) {
      progress.learn(
          state.get().checkpoints().values().stream().map(point -> point.shard()).toList());
      archive.deliverAll(state.get());
    }
  }

  private Optional<LiveFollow> live(
      FollowRequest request,
      Progress progress,
      ArchiveSide archive,
      boolean archived,
      Delivery delivery,
      Steps steps,
      Where where) {
    Optional<StreamSource> source = sources.find(request.stream());
    if (source.isEmpty()) {
      if (!archived || request.follow() || request.start() instanceof FollowStart.Positions) {
        throw new WatershedException(
            ErrorCode.STREAM_NOT_FOUND,
            archived
                ? "No live side is configured for the stream '" + request.stream() + "'"
                : "There is no stream '" + request.stream() + "', configured or archived",
            archived
                ? "Add it to the configuration, or show what is archived with --no-follow and --from"
                    + " start or a time."
                : "Configured: " + String.join(", ", sources.names()) + ".");
      }
      delivery.notice("no live side is configured: this is the archive alone");
      return Optional.empty();
    }
    ReadSlots slots = new ReadSlots(READ_SLOTS);
    Troubles troubles =
        new Troubles(
            scheduler::nanoTime,
            reading.retry().maxTotal(),
            sentence -> steps.add(() -> delivery.notice(sentence)));
    LiveReads reads =
        new LiveReads(
            new WatchedSource(source.get(), slots, troubles),
            slots,
            reading,
            firstContact,
            scheduler,
            SplittableRandom::new);
    Copies copies = new Copies(archive::load, scheduler::nanoTime);
    Selection selection = new Selection(progress, request, copies, where::select);
    return Optional.of(
        new LiveFollow(request, progress, archive, reads, selection, delivery, steps, scheduler));
  }

  private static FollowOutcome outcome(
      Ending ending, Progress progress, Delivery delivery, Optional<WatershedException> error) {
    Optional<FollowPlace> place =
        progress.isEmpty() ? Optional.empty() : Optional.of(progress.snapshot());
    return new FollowOutcome(delivery.records(), delivery.gaps(), ending, place, error);
  }

  private Where where(FollowRequest request, Optional<TableState> state, Delivery delivery) {
    if (request.where().isEmpty()) {
      return new Where(Optional.empty());
    }
    return new Where(
        Optional.of(
            new LiveFilter(
                request.stream(),
                request.where().get(),
                sources.format(request.stream()),
                state.map(TableState::schema).orElse(PayloadSchema.EMPTY),
                sql,
                temporary,
                delivery::notice)));
  }

  /** The predicate, if there is one. */
  private record Where(Optional<LiveFilter> filter) implements AutoCloseable {
    List<StreamRecord> select(List<StreamRecord> records) {
      return filter.isEmpty() ? records : filter.get().select(records);
    }

    @Override
    public void close() {
      filter.ifPresent(LiveFilter::close);
    }
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
