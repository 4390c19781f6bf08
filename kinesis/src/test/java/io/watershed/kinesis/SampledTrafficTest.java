package io.watershed.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.TrafficSettings;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.core.time.VirtualScheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import io.watershed.kinesis.TargetTraffic.Rate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SampledTrafficTest {
  private static final SequenceNumber FIRST = SequenceNumber.parse("1");

  private final VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
  private final Answers source = new Answers();
  private final TargetTraffic traffic =
      new SampledTraffic(source, TrafficSettings.DEFAULTS, scheduler);
  private final Set<SequenceNumber> own = new HashSet<>();

  @Test
  void whatIsReadAndNotOwnIsOthers() {
    source.answers.add(batch(10, 0));
    CompletableFuture<Optional<Rate>> sample = traffic.others("s", own::contains);
    scheduler.schedule(
        java.time.Duration.ofMillis(1_300), // the answer came after the read, and still counts
        () -> source.given.stream().limit(4).forEach(own::add));
    while (scheduler.runNext()) {}
    assertThat(sample.join()).contains(new Rate(6, 6 * (100 + 1)));
    assertThat(source.point).isInstanceOf(StartingPoint.Latest.class);
    assertThat(source.reads).isEqualTo(1);
  }

  @Test
  void anEmptyReadBeforeTheTipIsNoAnswer() {
    source.answers.add(batch(0, 500));
    source.answers.add(batch(5, 0));
    assertThat(sample().join().orElseThrow().recordsPerSecond()).isBetween(3.0, 4.0); // 1.4 s
  }

  @Test
  void itGivesUpWhereTheTipIsNotReached() {
    source.answers.addAll(List.of(batch(5, 500), batch(5, 500), batch(5, 500), batch(5, 500)));
    assertThat(sample().join()).isEmpty();
    assertThat(source.reads).isEqualTo(3);
  }

  @Test
  void throttlesLeaveItOpenAndMissingPermissionsEndIt() {
    source.failure = Optional.of(new StreamFailure(Kind.THROTTLED, "busy", null));
    assertThat(sample().join()).isEmpty();
    source.failure =
        Optional.of(new StreamFailure(Kind.PERMANENT, "denied", new IllegalStateException()));
    assertThat(sample()).isCompletedExceptionally();
  }

  private CompletableFuture<Optional<Rate>> sample() {
    CompletableFuture<Optional<Rate>> sample = traffic.others("s", own::contains);
    while (scheduler.runNext()) {}
    return sample;
  }

  private ReadBatch batch(int records, long millisBehind) {
    List<StreamRecord> list = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      SequenceNumber number = SequenceNumber.parse("" + (100 + source.given.size()));
      source.given.add(number);
      list.add(
          new StreamRecord(
              new ShardKey("stream", "s"),
              ShardPosition.of(number),
              "k",
              Instant.EPOCH,
              new byte[100]));
    }
    return new ReadBatch(list, Optional.of("next"), millisBehind, List.of());
  }

  private static final class Answers implements StreamSource {
    private final Deque<ReadBatch> answers = new ArrayDeque<>();
    private final List<SequenceNumber> given = new ArrayList<>();
    private Optional<StreamFailure> failure = Optional.empty();
    private StartingPoint point = new StartingPoint.After(FIRST);
    private int reads;

    @Override
    public CompletableFuture<StreamDescription> describe() {
      return CompletableFuture.failedFuture(new AssertionError("not asked"));
    }

    @Override
    public CompletableFuture<List<Shard>> listShards() {
      return CompletableFuture.failedFuture(new AssertionError("not asked"));
    }

    @Override
    public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
      point = startingPoint;
      return CompletableFuture.completedFuture("first");
    }

    @Override
    public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
      reads++;
      return failure.isPresent()
          ? CompletableFuture.failedFuture(failure.get())
          : CompletableFuture.completedFuture(answers.remove());
    }

    @Override
    public void close() {}
  }
}
