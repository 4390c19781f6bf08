package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class HostilityTest {
  private static final String MIDDLE = BigInteger.TWO.pow(127).toString();

  @Test
  void arrivalTimesGetOutOfOrderButPositionsDoNot() {
    Duration jitter = Duration.ofSeconds(2);
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withArrivalJitter(jitter))) {
      String[] texts = new String[50];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = Integer.toString(i);
      }
      endpoint.put(texts);
      List<Record> records = endpoint.readAll();
      assertThat(Endpoint.texts(records)).containsExactly(texts);
      List<Instant> arrivals = records.stream().map(Record::approximateArrivalTimestamp).toList();
      assertThat(arrivals).isNotEqualTo(arrivals.stream().sorted().toList());
      Instant now = endpoint.clock.instant();
      assertThat(arrivals).allMatch(t -> Duration.between(t, now).abs().compareTo(jitter) <= 0);
    }
  }

  @Test
  void readsAreEmptyBeforeTheTipAndSayHowFarBehindTheyAre() {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withEmptyReadRate(0.7))) {
      endpoint.put("1", "2", "3");
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      List<Record> records = new ArrayList<>();
      int empty = 0;
      while (records.size() < 3) {
        String current = iterator;
        GetRecordsResponse read =
            get(endpoint.client.getRecords(r -> r.shardIterator(current).limit(1)));
        if (read.records().isEmpty()) {
          empty++;
          assertThat(read.millisBehindLatest()).isPositive();
        }
        records.addAll(read.records());
        iterator = read.nextShardIterator();
      }
      assertThat(empty).isPositive();
      assertThat(Endpoint.texts(records)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void partOfARequestFailsInTheMiddleAndTheRestIsWritten() {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withPartialFailureRate(0.3))) {
      PutRecordsResponse put = endpoint.putRecords(200, 10);
      assertThat(put.failedRecordCount()).isBetween(20, 120);
      Set<String> codes = new HashSet<>();
      put.records().stream()
          .filter(entry -> entry.errorCode() != null)
          .forEach(entry -> codes.add(entry.errorCode()));
      assertThat(codes)
          .containsExactlyInAnyOrder("ProvisionedThroughputExceededException", "InternalFailure");
      assertThat(endpoint.readAll())
          .extracting(Record::sequenceNumber)
          .containsExactlyElementsOf(
              put.records().stream()
                  .filter(entry -> entry.errorCode() == null)
                  .map(entry -> entry.sequenceNumber())
                  .toList());
    }
  }

  @Test
  void throttledRequestsDoNothing() {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withThrottleRate(1))) {
      assertThatThrownBy(() -> endpoint.putRecords(1, 10))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
      assertThatThrownBy(() -> endpoint.read(iterator))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      assertThat(endpoint.kinesis.counters().recordsHeld()).isZero();
      assertThat(endpoint.kinesis.counters().throttled()).isEqualTo(2);
    }
  }

  @Test
  void serverErrorsAreBothKindsAndDoNothing() {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withServerErrorRate(1))) {
      Set<Integer> statuses = new HashSet<>();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> endpoint.putRecords(1, 10))
            .isInstanceOfSatisfying(KinesisException.class, e -> statuses.add(e.statusCode()));
      }
      assertThat(statuses).containsExactlyInAnyOrder(500, 503);
      assertThat(endpoint.kinesis.counters().recordsHeld()).isZero();
    }
  }

  @Test
  void aLostAnswerHidesARequestThatWasCarriedOut() {
    try (Endpoint endpoint = Endpoint.hostile(Hostility.NONE.withLostAnswerRate(1))) {
      assertThatThrownBy(() -> endpoint.putRecords(2, 10)).isInstanceOf(SdkClientException.class);
      assertThat(endpoint.kinesis.counters().recordsHeld()).isEqualTo(2);
    }
  }

  @Test
  void newShardsAreLateInListingsButNotInReads() {
    try (Endpoint endpoint =
        Endpoint.hostile(Hostility.NONE.withListingDelay(Duration.ofSeconds(1)))) {
      endpoint.split(Endpoint.FIRST_SHARD, MIDDLE);
      assertThat(endpoint.shards())
          .extracting(Shard::shardId)
          .containsExactly(Endpoint.FIRST_SHARD);
      GetRecordsResponse end = endpoint.read(endpoint.iterator(ShardIteratorType.TRIM_HORIZON));
      assertThat(end.nextShardIterator()).isNull();
      assertThat(end.childShards()).hasSize(2);
      endpoint.clock.advance(Duration.ofSeconds(1));
      assertThat(endpoint.shards()).hasSize(3);
    }
  }

  @Test
  void scatteredNumbersSayNothingAboutTimeAcrossShardsButRiseAlongTheLineage() {
    Hostility scattered = Hostility.NONE.withScatteredSequenceNumbers(true);
    try (Endpoint endpoint =
        Endpoint.start(LocalKinesisSettings.DEFAULTS.withHostility(scattered), 20)) {
      List<BigInteger> starts = endpoint.shards().stream().map(HostilityTest::start).toList();
      assertThat(starts).isNotEqualTo(starts.stream().sorted().toList());
      endpoint.split(Endpoint.FIRST_SHARD, BigInteger.TWO.pow(120).toString());
      List<Shard> shards = endpoint.shards();
      assertThat(start(shards.get(20))).isGreaterThan(end(shards.get(0)));
      assertThat(start(shards.get(21))).isGreaterThan(end(shards.get(0)));
    }
  }

  @Test
  void theSameSeedMakesTheSameTrouble() {
    List<List<Boolean>> runs = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      try (Endpoint endpoint =
          Endpoint.hostile(Hostility.NONE.withPartialFailureRate(0.5).withSeed(seed))) {
        runs.add(
            endpoint.putRecords(64, 1).records().stream()
                .map(entry -> entry.errorCode() == null)
                .toList());
      }
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
  }

  private static BigInteger start(Shard shard) {
    return new BigInteger(shard.sequenceNumberRange().startingSequenceNumber());
  }

  private static BigInteger end(Shard shard) {
    return new BigInteger(shard.sequenceNumberRange().endingSequenceNumber());
  }
}
