package io.watershed.archive;

import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is between two openings: a stream's incarnation, what is read of it, and what commits
 * it. Once it is left, nothing more is read, and the next commit is its last. One step at a time.
 */
final class OpenStream {
  private static final Logger LOG = LoggerFactory.getLogger(OpenStream.class);

  private final String name;
  private final StreamSource source;
  private final Session session;
  private final ShardReads reads;
  private final Committer committer;
  private final TrimWatch trims;
  private boolean left;

  OpenStream(
      String name,
      StreamSource source,
      Session session,
      ShardReads reads,
      Committer committer,
      TrimWatch trims) {
    this.name = name;
    this.source = source;
    this.session = session;
    this.reads = reads;
    this.committer = committer;
    this.trims = trims;
  }

  StreamSource source() {
    return source;
  }

  Session session() {
    return session;
  }

  ShardReads reads() {
    return reads;
  }

  Committer committer() {
    return committer;
  }

  /** Whether the retention overtakes a reader. */
  TrimWatch trims() {
    return trims;
  }

  /** Whether the stream is another one by now, or gone. */
  boolean isLeft() {
    return left;
  }

  /** Reads no more. */
  void leave() {
    left = true;
    reads.close();
  }

  /**
   * Compares a new description with the incarnation that is read, and leaves it if it is another.
   *
   * @param readsBefore {@link Session#reads()} when the description was asked for
   * @return whether the stream is still the one that is read
   */
  boolean confirms(StreamDescription description, long readsBefore) {
    if (description.incarnation().equals(session.incarnation())) {
      session.confirmed(description, readsBefore);
      return true;
    }
    if (!left) {
      LOG.warn(
          "{}: the stream was created again ({}); finishing {}",
          name,
          description.incarnation().id(),
          session.incarnation().id());
      session.keepConfirmed();
      leave();
    }
    return false;
  }
}
