package io.watershed.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.consumer.Position;
import io.watershed.consumer.Version;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shards are 0, which was split into 1 and 2; 3 is merged of 1 and 2; 9 is none of theirs. */
class TargetVersionsTest {
  private static final String ID = "plan-of-ours";
  private static final Lineage LINEAGE =
      Lineage.of(
          List.of(shard("0"), shard("1", "0"), shard("2", "0"), shard("3", "1", "2"), shard("9")));

  private final TargetVersions versions = new TargetVersions(ID, 3, LINEAGE);

  @Test
  void aLaterRecordOfTheKeyInTheSameShardIsNewer() {
    versions.add(live("k", "0", 7));

    assertThat(versions.newerThan(live("k", "0", 6)))
        .contains(Version.of(new Position(Fixtures.SOURCE.id(), "0", "7", 0)));
    assertThat(versions.newerThan(live("k", "0", 7))).as("the record itself").isEmpty();
    assertThat(versions.newerThan(live("k", "0", 8))).isEmpty();
    assertThat(versions.newerThan(live("other", "0", 6))).isEmpty();
  }

  @Test
  void aRecordInADescendantIsNewerAndOneInAnyOtherShardIsNot() {
    versions.add(live("k", "3", 70));

    assertThat(versions.newerThan(live("k", "0", 6))).isPresent();
    assertThat(versions.newerThan(live("k", "2", 60))).isPresent();
    assertThat(versions.newerThan(live("k", "9", 6))).as("explicit hash keys").isEmpty();
    assertThat(versions.newerThan(live("k", "unknown", 6))).isEmpty();
  }

  @Test
  void aShardThatIsLearntLaterIsADescendantFromThenOn() {
    versions.add(live("k", "4", 80));
    assertThat(versions.newerThan(live("k", "3", 70))).isEmpty();

    versions.learn(List.of(shard("4", "3")));

    assertThat(versions.newerThan(live("k", "3", 70))).isPresent();
  }

  @Test
  void ofTwoWithoutOrderEitherStaysAndOfTwoWithOneTheNewer() {
    versions.add(live("k", "1", 30));
    versions.add(live("k", "2", 40));
    versions.add(live("k", "1", 31));
    versions.add(live("k", "1", 29));

    assertThat(versions.newerThan(live("k", "1", 30))).isPresent();
    assertThat(versions.newerThan(live("k", "2", 20))).isEmpty();
    assertThat(versions.newerThan(live("k", "0", 20))).isPresent();
  }

  @Test
  void aCopyCountsByItsOriginUnlessThisReplaySentIt() {
    versions.add(copy(ID, live("k", "0", 7), live("k", "3", 100)));
    assertThat(versions.newerThan(live("k", "0", 6))).isEmpty();

    versions.add(copy("another-plan", live("k", "0", 7), live("k", "3", 100)));
    assertThat(versions.newerThan(live("k", "0", 6))).isPresent();
    assertThat(versions.newerThan(live("k", "0", 7))).as("another copy of it").isEmpty();
    assertThat(versions.newerThan(live("k", "0", 8))).as("read later, but older").isEmpty();
  }

  @Test
  void aCopyThatSomebodyEditedAndPutAgainIsALiveRecord() {
    StreamRecord copy = copy(ID, live("k", "0", 1), live("k", "0", 7));
    byte[] edited = new String(copy.payload(), UTF_8).replace("\"n\":1", "\"n\":2").getBytes(UTF_8);
    versions.add(new StreamRecord(copy.shard(), copy.position(), "k", copy.arrivalTime(), edited));

    assertThat(versions.newerThan(live("k", "0", 6))).isPresent();
  }

  @Test
  void recordsOfAnotherStreamSupersedeNothing() {
    versions.add(
        new StreamRecord(
            new ShardKey(Fixtures.TARGET.id(), "0"),
            Fixtures.position(1_000),
            "k",
            Instant.EPOCH,
            new byte[0]));

    assertThat(versions.newerThan(live("k", "0", 6))).isEmpty();
    versions.add(live("k", "0", 7));
    assertThat(versions.newerThan(live("k", "0", 6))).as("each stream for itself").isPresent();
  }

  @Test
  void aReplayThatOverwroteIsNewerUpToItsFence() {
    StreamRecord original = live("k", "0", 2);
    Fences fences =
        new Fences(
            List.of(
                new Fences.Fence(
                    new HashRange(BigInteger.ZERO, BigInteger.ONE.shiftLeft(128)),
                    new Position(Fixtures.SOURCE.id(), "3", "50", Integer.MAX_VALUE))));
    byte[] payload =
        new RecordWrapper("another-plan", Delivery.DEFAULT, 1, fences)
            .entry(Fixtures.row(original))
            .payload();
    versions.add(
        new StreamRecord(
            new ShardKey(Fixtures.SOURCE.id(), "3"),
            Fixtures.position(60),
            "k",
            Instant.EPOCH,
            payload));

    assertThat(versions.newerThan(live("k", "3", 50))).isPresent();
    assertThat(versions.newerThan(live("k", "3", 51))).isEmpty();
  }

  @Test
  void moreKeysThanFitAreAnErrorThatNamesTheSetting() {
    for (String key : List.of("a", "b", "c", "a")) {
      versions.add(live(key, "0", 7));
    }

    assertThatThrownBy(() -> versions.add(live("d", "0", 7)))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.LIMIT);
              assertThat(e.hint()).contains("replay_target_keys");
            });
  }

  private static StreamRecord copy(String replayId, StreamRecord original, StreamRecord at) {
    byte[] payload =
        new RecordWrapper(replayId, Delivery.DEFAULT, 1, Fences.NONE)
            .entry(Fixtures.row(original))
            .payload();
    return new StreamRecord(
        at.shard(), at.position(), at.partitionKey(), at.arrivalTime(), payload);
  }

  private static StreamRecord live(String key, String shard, long sequence) {
    return new StreamRecord(
        new ShardKey(Fixtures.SOURCE.id(), shard),
        Fixtures.position(sequence),
        key,
        Instant.EPOCH,
        "{\"n\":1}".getBytes(UTF_8));
  }

  private static Shard shard(String id, String... parents) {
    return new Shard(
        new ShardKey(Fixtures.SOURCE.id(), id),
        List.of(parents),
        new HashRange(BigInteger.ZERO, BigInteger.TEN));
  }
}
