package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.ExpiredNextTokenException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class ExpiryTest {
  private static final String MIDDLE = BigInteger.TWO.pow(127).toString();

  @Test
  void recordsExpireWithTheRetentionOnTheClock() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("old");
      endpoint.clock.advance(Duration.ofHours(1));
      endpoint.put("new");
      endpoint.clock.advance(Duration.ofHours(23));
      assertThat(endpoint.texts()).containsExactly("old", "new");
      endpoint.clock.advance(Duration.ofMillis(1));
      assertThat(endpoint.texts()).containsExactly("new");
    }
  }

  @Test
  void aLongerRetentionKeepsRecordsButDoesNotBringThemBack() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("gone");
      endpoint.clock.advance(Duration.ofHours(25));
      endpoint.put("kept");
      get(
          endpoint.client.increaseStreamRetentionPeriod(
              r -> r.streamName(Endpoint.STREAM).retentionPeriodHours(72)));
      endpoint.clock.advance(Duration.ofHours(47));
      assertThat(endpoint.texts()).containsExactly("kept");
    }
  }

  @Test
  void iteratorsExpireAfterFiveMinutes() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("x");
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      endpoint.clock.advance(Duration.ofMinutes(5));
      GetRecordsResponse read = endpoint.read(iterator);
      assertThat(read.records()).hasSize(1);
      endpoint.clock.advance(Duration.ofMillis(1));
      assertThatThrownBy(() -> endpoint.read(iterator))
          .isInstanceOf(ExpiredIteratorException.class)
          .hasMessageContaining("tolerated delay of 300000 milliseconds");
      assertThat(endpoint.read(read.nextShardIterator()).records()).isEmpty();
    }
  }

  @Test
  void pagingTokensExpireAfterFiveMinutes() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 3)) {
      ListShardsResponse page =
          get(endpoint.client.listShards(r -> r.streamName(Endpoint.STREAM).maxResults(1)));
      endpoint.clock.advance(Duration.ofMillis(300_001));
      assertThatThrownBy(() -> get(endpoint.client.listShards(r -> r.nextToken(page.nextToken()))))
          .isInstanceOf(ExpiredNextTokenException.class);
    }
  }

  @Test
  void aClosedShardIsForgottenWithItsLastRecord() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("x");
      endpoint.clock.advance(Duration.ofHours(1));
      endpoint.split(Endpoint.FIRST_SHARD, MIDDLE);
      endpoint.clock.advance(Duration.ofHours(24));
      assertThat(endpoint.shards()).hasSize(3);
      endpoint.clock.advance(Duration.ofMillis(1));
      assertThat(endpoint.shards())
          .extracting(Shard::shardId)
          .containsExactly("shardId-000000000001", "shardId-000000000002");
      assertThat(endpoint.shards()).allMatch(s -> s.parentShardId().equals(Endpoint.FIRST_SHARD));
      assertThatThrownBy(() -> endpoint.iterator(ShardIteratorType.TRIM_HORIZON))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  @Test
  void anIteratorInsideTheTrimmedPartGoesOnAtTheHead() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("1", "2", "3");
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      assertThat(endpoint.kinesis.expireOldest(Endpoint.STREAM, Endpoint.FIRST_SHARD, 2))
          .isEqualTo(2);
      assertThat(Endpoint.texts(endpoint.read(iterator).records())).containsExactly("3");
    }
  }

  @Test
  void aTestCanTrimByTime() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      endpoint.put("1", "2");
      endpoint.clock.advance(Duration.ofSeconds(1));
      Instant cut = endpoint.clock.instant();
      endpoint.put("3");
      assertThat(endpoint.kinesis.expire(Endpoint.STREAM, cut)).isEqualTo(2);
      assertThat(endpoint.texts()).containsExactly("3");
      assertThat(endpoint.kinesis.counters().recordsHeld()).isEqualTo(1);
    }
  }

  @Test
  void manyTrimmedRecordsLeaveNoTrace() {
    try (Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1)) {
      String[] texts = new String[3_000];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = Integer.toString(i);
      }
      List<String> numbers = endpoint.put(texts);
      endpoint.kinesis.expireOldest(Endpoint.STREAM, Endpoint.FIRST_SHARD, 2_998);
      assertThat(endpoint.texts()).containsExactly("2998", "2999");
      assertThat(endpoint.readAll())
          .extracting(entry -> entry.sequenceNumber())
          .containsExactlyElementsOf(numbers.subList(2_998, 3_000));
    }
  }

  @Test
  void positionsOfTrimmedRecordsBehaveAsAsked() {
    trimmed(
        TrimmedPosition.HEAD_OF_SHARD,
        (endpoint, number) ->
            assertThat(Endpoint.texts(readAt(endpoint, number).records()))
                .containsExactly("2", "3"));
    trimmed(
        TrimmedPosition.ERROR,
        (endpoint, number) ->
            assertThatThrownBy(() -> readAt(endpoint, number))
                .isInstanceOf(InvalidArgumentException.class));
    trimmed(
        TrimmedPosition.EMPTY_FOREVER,
        (endpoint, number) -> assertThat(emptyReads(endpoint, number)).isPositive());
    trimmed(
        TrimmedPosition.EMPTY_AT_TIP,
        (endpoint, number) -> assertThat(emptyReads(endpoint, number)).isZero());
  }

  private interface Check {
    void run(Endpoint endpoint, String trimmedNumber);
  }

  private static void trimmed(TrimmedPosition position, Check check) {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withTrimmedPosition(position))) {
      List<String> numbers = endpoint.put("1", "2", "3");
      endpoint.kinesis.expireOldest(Endpoint.STREAM, Endpoint.FIRST_SHARD, 1);
      check.run(endpoint, numbers.get(0));
      // A position that is still there is never affected.
      assertThat(Endpoint.texts(readAt(endpoint, numbers.get(1)).records()))
          .containsExactly("2", "3");
    }
  }

  private static GetRecordsResponse readAt(Endpoint endpoint, String number) {
    return endpoint.read(endpoint.iterator(ShardIteratorType.AT_SEQUENCE_NUMBER, number));
  }

  /** Reads a few times, each time nothing; returns how far behind the last read claims to be. */
  private static long emptyReads(Endpoint endpoint, String number) {
    GetRecordsResponse read =
        endpoint.read(endpoint.iterator(ShardIteratorType.AFTER_SEQUENCE_NUMBER, number));
    for (int i = 0; i < 3; i++) {
      assertThat(read.records()).isEmpty();
      read = endpoint.read(read.nextShardIterator());
    }
    assertThat(read.records()).isEmpty();
    return read.millisBehindLatest();
  }
}
