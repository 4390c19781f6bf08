package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class LimitsTest {
  private static final LocalKinesisSettings LIMITED = LocalKinesisSettings.DEFAULTS;
  private static final LocalKinesisSettings UNLIMITED = LIMITED.withEnforceLimits(false);

  @Test
  void aShardTakes1000RecordsASecondAndRefusesTheRestOneByOne() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      assertThat(endpoint.putRecords(500, 1).failedRecordCount()).isZero();
      assertThat(endpoint.putRecords(499, 1).failedRecordCount()).isZero();
      PutRecordsResponse last = endpoint.putRecords(3, 1);
      assertThat(last.failedRecordCount()).isEqualTo(2);
      assertThat(last.records().get(0).sequenceNumber()).isNotNull();
      assertThat(last.records().get(1).errorCode())
          .isEqualTo("ProvisionedThroughputExceededException");
      assertThat(last.records().get(1).errorMessage())
          .isEqualTo(
              "Rate exceeded for shard shardId-000000000000 in stream orders under account"
                  + " 000000000000.");
      endpoint.clock.advance(Duration.ofSeconds(1));
      assertThat(endpoint.putRecords(500, 1).failedRecordCount()).isZero();
    }
  }

  @Test
  void aShardTakesOneMebibyteASecondAcrossRequests() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      // With its key of one byte each record counts 524,288 bytes.
      PutRecordsResponse put = endpoint.putRecords(3, (1 << 19) - 1);
      assertThat(put.failedRecordCount()).isEqualTo(1);
      assertThat(put.records().get(2).errorCode()).isNotNull();
      endpoint.clock.advance(Duration.ofMillis(499));
      assertThat(endpoint.putRecords(1, (1 << 19) - 1).failedRecordCount()).isEqualTo(1);
      endpoint.clock.advance(Duration.ofMillis(1));
      assertThat(endpoint.putRecords(1, (1 << 19) - 1).failedRecordCount()).isZero();
    }
  }

  @Test
  void putRecordIsThrottledAsAWhole() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      endpoint.putRecords(1, (1 << 20) - 1);
      assertThatThrownBy(
              () ->
                  get(
                      endpoint.client.putRecord(
                          r ->
                              r.streamName(Endpoint.STREAM)
                                  .partitionKey("k")
                                  .data(SdkBytes.fromUtf8String("x")))))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
    }
  }

  @Test
  void eachShardHasLimitsOfItsOwn() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 2)) {
      for (String hash : new String[] {"0", LocalStream.MAX_HASH.toString()}) {
        get(
            endpoint.client.putRecord(
                r ->
                    r.streamName(Endpoint.STREAM)
                        .partitionKey("k")
                        .explicitHashKey(hash)
                        .data(SdkBytes.fromByteArray(new byte[(1 << 20) - 1]))));
      }
      assertThat(endpoint.kinesis.counters().recordsHeld()).isEqualTo(2);
    }
  }

  @Test
  void aShardAnswersFiveReadsASecond() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      for (int i = 0; i < 5; i++) {
        endpoint.read(iterator);
      }
      assertThatThrownBy(() -> endpoint.read(iterator))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      endpoint.clock.advance(Duration.ofMillis(200));
      endpoint.read(iterator);
      assertThatThrownBy(() -> endpoint.read(iterator))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
    }
  }

  @Test
  void anAnswerOfTenMebibytesIsPaidOffForFiveSeconds() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      byte[] half = new byte[(1 << 19) - 1];
      for (int i = 0; i < 25; i++) {
        endpoint.kinesis.put(Endpoint.STREAM, "k", half);
      }
      GetRecordsResponse first = endpoint.read(endpoint.iterator(ShardIteratorType.TRIM_HORIZON));
      assertThat(first.records()).hasSize(20);
      assertThat(first.millisBehindLatest()).isPositive();
      endpoint.clock.advance(Duration.ofMillis(4_999));
      assertThatThrownBy(() -> endpoint.read(first.nextShardIterator()))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      endpoint.clock.advance(Duration.ofMillis(2));
      assertThat(endpoint.read(first.nextShardIterator()).records()).hasSize(5);
    }
  }

  @Test
  void aShardGivesTwoMebibytesASecond() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      for (int i = 0; i < 4; i++) {
        endpoint.kinesis.put(Endpoint.STREAM, "k", new byte[(1 << 20) - 1]);
      }
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      GetRecordsResponse first =
          get(endpoint.client.getRecords(r -> r.shardIterator(iterator).limit(2)));
      assertThatThrownBy(() -> endpoint.read(first.nextShardIterator()))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      endpoint.clock.advance(Duration.ofMillis(1));
      assertThat(endpoint.read(first.nextShardIterator()).records()).hasSize(2);
    }
  }

  @Test
  void withoutLimitsNothingIsThrottled() {
    try (Endpoint endpoint = Endpoint.start(UNLIMITED, 1)) {
      for (int i = 0; i < 25; i++) {
        assertThat(endpoint.putRecords(500, 100).failedRecordCount()).isZero();
      }
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      for (int i = 0; i < 6; i++) {
        assertThat(endpoint.read(iterator).records()).hasSize(10_000);
      }
      assertThat(endpoint.kinesis.counters().throttled()).isZero();
    }
  }

  @Test
  void aRecordOfTenMebibytesPassesWhereTheStreamAllowsIt() {
    try (Endpoint endpoint = Endpoint.start(LIMITED, 1)) {
      assertThatThrownBy(() -> endpoint.putRecords(1, 1 << 20))
          .isInstanceOf(KinesisException.class);
      get(
          endpoint.client.updateMaxRecordSize(
              r -> r.streamARN(arn(endpoint)).maxRecordSizeInKiB(10_240)));
      assertThat(endpoint.putRecords(1, (10 << 20) - 1).failedRecordCount()).isZero();
      assertThat(endpoint.putRecords(1, 1).failedRecordCount()).isEqualTo(1);
      assertThat(endpoint.readAll().get(0).data().asByteArrayUnsafe()).hasSize((10 << 20) - 1);
      assertThatThrownBy(() -> endpoint.putRecords(1, 10 << 20))
          .isInstanceOf(KinesisException.class);
    }
  }

  @Test
  void aRequestOfMoreThanTenMebibytesIsRefused() {
    try (Endpoint endpoint = Endpoint.start(UNLIMITED, 1)) {
      assertThat(endpoint.putRecords(10, (1 << 20) - 1).failedRecordCount()).isZero();
      assertThatThrownBy(() -> endpoint.putRecords(11, (1 << 20) - 1))
          .isInstanceOf(KinesisException.class)
          .hasMessageContaining("10485760");
    }
  }

  @Test
  void memoryIsBoundedByRefusingPuts() {
    try (Endpoint endpoint =
        Endpoint.start(UNLIMITED.withMaxBytesHeld(100_000, WhenFull.REFUSE), 1)) {
      endpoint.putRecords(80, 1_000);
      assertThatThrownBy(() -> endpoint.putRecords(20, 1_000))
          .isInstanceOf(ProvisionedThroughputExceededException.class)
          .hasMessageContaining("maxBytesHeld");
      assertThatThrownBy(() -> endpoint.kinesis.put(Endpoint.STREAM, "k", new byte[20_000]))
          .isInstanceOf(WatershedException.class);
      assertThat(endpoint.kinesis.counters().recordsHeld()).isEqualTo(80);
      endpoint.clock.advance(Duration.ofHours(25));
      assertThat(endpoint.putRecords(20, 1_000).failedRecordCount()).isZero();
    }
  }

  @Test
  void memoryIsBoundedByTrimmingTheOldest() {
    try (Endpoint endpoint =
        Endpoint.start(UNLIMITED.withMaxBytesHeld(1_000_000, WhenFull.TRIM_OLDEST), 1)) {
      for (int i = 0; i < 5; i++) {
        assertThat(endpoint.putRecords(400, 1_000).failedRecordCount()).isZero();
        assertThat(endpoint.kinesis.counters().bytesHeld()).isLessThanOrEqualTo(1_000_000);
      }
      assertThat(endpoint.kinesis.counters().recordsHeld()).isBetween(700L, 900L);
    }
  }

  private static String arn(Endpoint endpoint) {
    return get(endpoint.client.describeStreamSummary(r -> r.streamName(Endpoint.STREAM)))
        .streamDescriptionSummary()
        .streamARN();
  }
}
