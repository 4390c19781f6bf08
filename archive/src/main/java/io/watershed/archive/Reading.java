package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.ShardKey;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which shards of a session are read, and takes the answers. One step at a time; used from
 * one opening to the next.
 */
final class Reading implements ShardReads.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

  private final Course course;
  private final Helm helm;
  private final Session session;
  private final Listing listing;
  private final Map<ShardKey, Outage> outages = new HashMap<>();
  private final Set<ShardKey> atTip = new HashSet<>();

  Reading(Course course, Helm helm, Session session, Listing listing) {
    this.course = course;
    this.helm = helm;
    this.session = session;
    this.listing = listing;
  }

  /** Begins with the shards whose parents are read to their end. */
  void start() {
    OpenStream current = course.running(session);
    if (current == null || current.isLeft()) {
      return;
    }
    for (ShardFeed feed : session.feeds()) {
      // Its end comes only after an answer that was at the tip already.
      if (session.isClosed(feed.key()) && atTip.remove(feed.key())) {
        current.reads().request(feed);
      }
    }
    for (ShardFeed feed : session.startable()) {
      feed.start();
      LOG.debug("{}: reading {}", course.name(), feed.key());
      current.reads().request(feed);
    }
  }

  /** With {@code --once}: whether every shard is read to its tip. */
  boolean isDrained() {
    return session.startable().isEmpty() && session.feeds().stream().allMatch(this::isDone);
  }

  private boolean isDone(ShardFeed feed) {
    if (feed.isDrained()) {
      return session.ends(feed) || !listing.isPatient();
    }
    return atTip.contains(feed.key()) || (!feed.isStarted() && !listing.isPatient());
  }

  @Override
  public void read(ShardFeed feed, ReadBatch batch, Instant askedAt) {
    OpenStream current = course.running(session);
    if (current == null) {
      return;
    }
    if (outages.remove(feed.key()) != null) {
      course.recovered(feed.key());
    }
    Instant now = course.now();
    session.accept(feed, batch, askedAt, now);
    batch.gapBefore().ifPresent(course::warnOf);
    course.progress().read(batch.records().size(), batch.payloadBytes(), now);
    if (feed.isDrained()) {
      LOG.info("{}: {} is read to its end", course.name(), feed.key());
      start();
      if (!session.ends(feed)) {
        listing.now();
      }
    } else if (course.isOnce() && batch.atTip() && !session.isClosed(feed.key())) {
      atTip.add(feed.key());
    } else {
      current.reads().request(feed);
    }
    helm.proceed();
  }

  @Override
  public void gap(ShardFeed feed, Gap gap) {
    session.found(feed, gap, course.now());
    course.warnOf(gap);
  }

  @Override
  public void failed(ShardFeed feed, StreamFailure failure) {
    OpenStream current = course.running(session);
    if (current == null) {
      return;
    }
    if (failure.kind() == Kind.NOT_FOUND) {
      findOutWhatIsGone(current, feed, failure);
      return;
    }
    Optional<Duration> pause =
        failure.kind() == Kind.PERMANENT
            ? Optional.empty()
            : outages
                .computeIfAbsent(feed.key(), key -> course.newOutage())
                .failed(course.now(), course.settings().outages().limit());
    if (pause.isEmpty()) {
      helm.fail(failure.toError());
      return;
    }
    course.retrying(failure.toError(), pause.get());
    current.reads().requestLater(feed, pause.get());
  }

  /** A shard was not found: it expired, the stream was deleted, or it was created again. */
  private void findOutWhatIsGone(OpenStream asked, ShardFeed feed, StreamFailure notFound) {
    long readsBefore = session.reads();
    course
        .steps()
        .await(
            asked.source().describe(),
            description -> gone(feed, description, readsBefore),
            thrown -> unknown(feed, notFound, StreamFailure.of(thrown)));
  }

  private void gone(ShardFeed feed, StreamDescription description, long readsBefore) {
    OpenStream current = course.running(session);
    if (current == null) {
      return;
    }
    if (current.confirms(description, readsBefore)) {
      course.warnOf(session.loseFeed(feed, course.now()));
      start();
    }
    helm.proceed();
  }

  private void unknown(ShardFeed feed, StreamFailure notFound, StreamFailure failed) {
    OpenStream current = course.running(session);
    if (current == null) {
      return;
    }
    if (Failures.mayPass(failed)) {
      current.reads().requestLater(feed, course.settings().outages().firstPause());
    } else {
      helm.fail(failed.kind() == Kind.NOT_FOUND ? notFound.toError() : failed.toError());
    }
  }
}
