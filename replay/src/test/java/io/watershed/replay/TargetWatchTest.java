package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watches a real endpoint. */
class TargetWatchTest {
  private LocalKinesis kinesis;
  private KinesisStreams streams;
  private StreamSource target;
  private RealScheduler scheduler;

  @BeforeEach
  void open() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
    kinesis.createStream("orders", 2);
    streams = KinesisStreams.open(kinesis.access());
    target = streams.source("orders");
    scheduler = new RealScheduler("watch-test");
  }

  @AfterEach
  void close() {
    target.close();
    streams.close();
    kinesis.close();
    scheduler.close();
  }

  @Test
  void knowsWhatWasThereSeesWhatComesAndFollowsNewShards() {
    put(20, 0);
    List<StreamRecord> firsts = read();
    put(10, 1);
    try (TargetWatch watch = watch(100)) {
      watch.ready().orTimeout(30, TimeUnit.SECONDS).join();
      assertThat(firsts)
          .allSatisfy(
              record ->
                  assertThat(watch.newerThan(record).isPresent()).isEqualTo(number(record) < 10));

      put(15, 2);
      awaitSuperseded(watch, firsts, 15);

      kinesis.scaleTo("orders", 4);
      put(20, 3);
      awaitSuperseded(watch, firsts, 20);
    }
  }

  @Test
  void aTargetOfMoreKeysThanFitIsAnErrorAtOnceOrLater() {
    put(20, 0);
    StreamRecord first = read().get(0);
    try (TargetWatch tooMany = watch(19)) {
      assertThatThrownBy(() -> tooMany.ready().orTimeout(30, TimeUnit.SECONDS).join())
          .hasMessageContaining("more than 19 partition keys");
      assertThatThrownBy(() -> tooMany.newerThan(first)).isInstanceOf(WatershedException.class);
    }
    try (TargetWatch watch = watch(20)) {
      watch.ready().orTimeout(30, TimeUnit.SECONDS).join();
      put(21, 1);
      await("the limit", () -> fails(watch, first));
      assertThatThrownBy(() -> watch.newerThan(first))
          .hasMessageContaining("more than 20 partition keys");
    }
  }

  private static boolean fails(TargetWatch watch, StreamRecord record) {
    try {
      var unused = watch.newerThan(record);
      return false;
    } catch (WatershedException e) {
      return true;
    }
  }

  private static void awaitSuperseded(TargetWatch watch, List<StreamRecord> records, int upTo) {
    await(
        "newer records of " + upTo + " keys",
        () ->
            records.stream()
                .allMatch(
                    record -> watch.newerThan(record).isPresent() == (number(record) < upTo)));
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plusSeconds(60);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(deadline);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private TargetWatch watch(int maxKeys) {
    return TargetWatch.begin(
        target,
        Optional.empty(),
        new TargetVersions("a-plan", maxKeys, Lineage.EMPTY),
        ShardReadSettings.DEFAULTS,
        scheduler,
        new SecureRandom());
  }

  private void put(int keys, int round) {
    for (int i = 0; i < keys; i++) {
      kinesis.put("orders", "key-" + i, ("{\"n\":" + round + "}").getBytes(UTF_8));
    }
  }

  private List<StreamRecord> read() {
    List<StreamRecord> records = new ArrayList<>();
    new TargetReader(target, scheduler, new SecureRandom()).readAll(records::add);
    return records;
  }

  private static int number(StreamRecord record) {
    return Integer.parseInt(record.partitionKey().substring("key-".length()));
  }
}
