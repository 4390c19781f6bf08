package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamFailure;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Opens a stream: loads its table, describes it, lists its shards, and compares. Tries again while
 * the service or the reservoir cannot be reached. One step at a time.
 */
final class Opening {
  private final Course course;
  private final Helm helm;
  private final Consumer<Opened> then;
  private final Outage outage;
  private boolean everOpened;

  /**
   * All that was found.
   *
   * @param listed what the service lists, and what it does not list but still reads
   * @param listedAt when the listing was asked for
   */
  record Opened(
      StreamSource source,
      ArchiveTable table,
      TableState state,
      StreamDescription description,
      List<Shard> listed,
      Instant listedAt) {}

  private record Loaded(StreamSource source, ArchiveTable table, TableState state) {}

  Opening(Course course, Helm helm, Consumer<Opened> then) {
    this.course = course;
    this.helm = helm;
    this.then = then;
    this.outage = course.newOutage();
  }

  void begin() {
    course.enter(Phase.OPENING);
    course.close();
    course.steps().block(course.parts().sources(), this::look, this::failed);
  }

  /** A stream that is not there must not leave a table behind. */
  private void look(StreamSource source) {
    if (everOpened) {
      load(source);
    } else {
      course.steps().await(source.describe(), there -> load(source), this::failed);
    }
  }

  private void load(StreamSource source) {
    course
        .steps()
        .block(
            () -> {
              ArchiveTable table = course.parts().table().get();
              return new Loaded(source, table, table.load());
            },
            this::describe,
            this::failed);
  }

  /** After the table: what is in it must not be newer than what the stream says of itself. */
  private void describe(Loaded loaded) {
    course
        .steps()
        .await(loaded.source().describe(), description -> list(loaded, description), this::failed);
  }

  private void list(Loaded loaded, StreamDescription description) {
    Instant listedAt = course.now();
    course
        .steps()
        .await(
            loaded
                .source()
                .listShards()
                .thenCompose(listed -> withHidden(loaded, description, listed)),
            listed -> compare(loaded, description, listed, listedAt),
            this::failed);
  }

  /** Adds the unfinished shards that the listing does not name, but that can still be read. */
  private static CompletableFuture<List<Shard>> withHidden(
      Loaded loaded, StreamDescription description, List<Shard> listed) {
    String incarnation = description.incarnation().id();
    Set<ShardKey> keys = new HashSet<>();
    listed.forEach(shard -> keys.add(shard.key()));
    List<Shard> missing =
        loaded.state().checkpoints().values().stream()
            .filter(checkpoint -> !checkpoint.after().isEnd() && !keys.contains(checkpoint.key()))
            .filter(checkpoint -> checkpoint.key().incarnation().equals(incarnation))
            .map(ShardCheckpoint::shard)
            .toList();
    return new HiddenShards(loaded.source()).add(listed, missing);
  }

  private void compare(
      Loaded loaded, StreamDescription description, List<Shard> listed, Instant listedAt) {
    if (!course.is(Phase.OPENING)) {
      return;
    }
    String incarnation = description.incarnation().id();
    if (listed.stream().anyMatch(shard -> !shard.key().incarnation().equals(incarnation))) {
      failed(
          new StreamFailure(
              Kind.TRANSIENT, "The stream was created again while it was opened", null));
      return;
    }
    var unused = outage.succeeded();
    everOpened = true;
    then.accept(
        new Opened(loaded.source(), loaded.table(), loaded.state(), description, listed, listedAt));
  }

  private void failed(Throwable thrown) {
    if (!course.is(Phase.OPENING)) {
      return;
    }
    Optional<Duration> pause =
        Failures.mayPass(thrown) ? outage.failed(course.now(), patience()) : Optional.empty();
    if (pause.isEmpty()) {
      helm.finish(Optional.of(Failures.errorOf(thrown)));
      return;
    }
    course.retrying(Failures.errorOf(thrown), pause.get());
    course
        .steps()
        .later(
            pause.get(),
            () -> {
              if (course.is(Phase.OPENING)) {
                begin();
              }
            });
  }

  /** A typing error in an address should not be tried for a quarter of an hour. */
  private Duration patience() {
    Duration limit = course.settings().outages().limit();
    boolean atStart = !everOpened && limit.compareTo(ArchiveSettings.START_LIMIT) > 0;
    return atStart ? ArchiveSettings.START_LIMIT : limit;
  }
}
