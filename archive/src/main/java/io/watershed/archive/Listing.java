package io.watershed.archive;

import io.watershed.core.stream.Shard;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether the stream is still the same and which shards it has. One step at a
 * time; used from one opening to the next.
 */
final class Listing {
  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

  /** With {@code --once}: listings to wait for the children of a shard that has ended. */
  private static final int MAX_CHILD_LISTINGS = 5;

  private final Course course;
  private final Helm helm;
  private final Session session;
  private boolean asked;
  private int childListings;

  Listing(Course course, Helm helm, Session session) {
    this.course = course;
    this.helm = helm;
    this.session = session;
  }

  /** Looks after each pause, as long as the session runs. */
  void repeat() {
    course
        .steps()
        .later(
            course.settings().pace().listInterval(),
            () -> {
              if (course.running(session) != null) {
                now();
                repeat();
              }
            });
  }

  /** Whether it is worth waiting for children that no listing names. */
  boolean isPatient() {
    return childListings < MAX_CHILD_LISTINGS;
  }

  /** Looks now, unless an answer is awaited already. */
  void now() {
    OpenStream current = course.running(session);
    if (asked || current == null) {
      return;
    }
    asked = true;
    long readsBefore = session.reads();
    course
        .steps()
        .await(
            current.source().describe(),
            description -> list(description, readsBefore),
            this::failed);
  }

  private void list(StreamDescription description, long readsBefore) {
    OpenStream current = course.running(session);
    if (current == null) {
      asked = false;
      return;
    }
    if (!current.confirms(description, readsBefore)) {
      asked = false;
      helm.proceed();
      return;
    }
    Instant listedAt = course.now();
    course
        .steps()
        .await(current.source().listShards(), listed -> take(listed, listedAt), this::failed);
  }

  private void take(List<Shard> listed, Instant listedAt) {
    asked = false;
    if (course.running(session) == null) {
      return;
    }
    session.listed(listed, listedAt);
    childListings = session.lacksChildren() ? childListings + 1 : 0;
    helm.shardsChanged();
  }

  private void failed(Throwable thrown) {
    asked = false;
    if (course.running(session) == null) {
      return;
    }
    StreamFailure problem = StreamFailure.of(thrown);
    if (Failures.mayPass(problem)) {
      LOG.debug("{}: listing failed, will be repeated: {}", course.name(), problem.getMessage());
    } else {
      helm.fail(problem.toError());
    }
  }
}
