package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.follow.FollowOutcome;
import io.watershed.query.follow.FollowOutcome.Ending;
import io.watershed.query.follow.FollowRequest;
import io.watershed.query.follow.FollowSink;
import io.watershed.query.follow.FollowStart;
import io.watershed.query.follow.Follower;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
  private static final FollowRequest ALL =
      FollowRequest.of("orders", new FollowStart.Earliest()).withoutFollowing();

  @TempDir Path folder;

  @Test
  void archiveAndStreamComeInOneGoEachRecordOnce() throws Exception {
    try (Tail tail = new Tail(folder)) {
      tail.water.putOrders("orders", 1, 60);
      tail.commit(11);
      tail.commit(7);
      tail.water.putOrders("orders", 61, 100);

      assertThat(tail.follow(ALL).ending()).isEqualTo(Ending.DONE);
      assertThat(tail.ids()).containsExactlyInAnyOrderElementsOf(numbers(1, 100));
      tail.assertOrderPerKey();
    }
  }

  @Test
  void withoutAnArchiveTheStreamIsFollowedOverSplits() throws Exception {
    try (Tail tail = new Tail(folder)) {
      tail.water.putOrders("orders", 1, 30);
      tail.water.split("orders", "shardId-000000000000");
      tail.water.putOrders("orders", 31, 60);
      tail.water.split("orders", "shardId-000000000002");
      tail.water.putOrders("orders", 61, 90);

      tail.follow(ALL);
      assertThat(tail.ids()).containsExactlyInAnyOrderElementsOf(numbers(1, 90));
      tail.assertOrderPerKey();
    }
  }

  private static List<Integer> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  /** A stream, its archive, and what a follower gave of them. */
  static final class Tail implements AutoCloseable, FollowSink {
    final Water water;
    final Follower follower;
    final List<StreamRecord> records = new ArrayList<>();
    final List<Gap> gaps = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    StatementControl control = new StatementControl();

    Tail(Path folder) {
      water = new Water(folder, "orders");
      follower =
          Follower.open(
              water.engine,
              water.reservoir,
              StreamSources.of(water.sources),
              SqlSettings.DEFAULTS,
              Water.LIVE,
              Duration.ofSeconds(10),
              folder.resolve("follow"));
    }

    FollowOutcome follow(FollowRequest request) {
      control = new StatementControl();
      FollowOutcome outcome = follower.follow(request, this, control);
      outcome
          .error()
          .ifPresent(
              e -> {
                throw e;
              });
      return outcome;
    }

    void commit(int maxPerShard) throws Exception {
      water.archiver.commit(
          "orders", water.source("orders"), maxPerShard, SchemaSettings.DEFAULTS, List.of());
    }

    @Override
    public void record(StreamRecord record) throws IOException {
      records.add(record);
    }

    @Override
    public void pause() throws IOException {}

    @Override
    public void gap(Gap gap) {
      gaps.add(gap);
    }

    @Override
    public void notice(String sentence) {
      notices.add(sentence);
    }

    List<Integer> ids() {
      return records.stream().map(Tail::id).toList();
    }

    static int id(StreamRecord record) {
      String text = new String(record.payload(), StandardCharsets.UTF_8);
      return Integer.parseInt(text.substring(6, text.indexOf(',')));
    }

    /** Ids were put in order, so each key has them in order. */
    void assertOrderPerKey() {
      Map<String, Integer> last = new HashMap<>();
      for (StreamRecord record : records) {
        int id = id(record);
        assertThat(last.getOrDefault(record.partitionKey(), 0))
            .as(record.partitionKey())
            .isLessThan(id);
        last.put(record.partitionKey(), id);
      }
    }

    @Override
    public void close() {
      follower.close();
      water.close();
    }
  }
}
