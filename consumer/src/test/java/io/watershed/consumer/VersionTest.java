package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionTest {
  private static final String A = "a@1";
  private static final String B = "b@1";

  @Test
  void sequenceNumbersCompareAsNumbersOfAnyLength() {
    assertThat(at(A, "9").compareAlongLineage(at(A, "10"))).isNegative();
    assertThat(at(A, "010")).isEqualTo(at(A, "10"));
    assertThat(at(A, "0")).isEqualTo(at(A, "000"));
    String long128 = "4".repeat(128);
    assertThat(at(A, long128 + "1").compareAlongLineage(at(A, long128 + "2"))).isNegative();
    assertThatThrownBy(() -> at(A, "4".repeat(130))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> at(A, "1x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> at(A, "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void recordsOfOneAggregateCompareByTheirIndex() {
    assertThat(new Position(A, "s", "5", 2).compareAlongLineage(new Position(A, "s", "5", 10)))
        .isNegative();
  }

  @Test
  void theShardPlaysNoPart() {
    assertThat(new Position(A, "s1", "5", 0).compareAlongLineage(new Position(A, "s2", "6", 0)))
        .isNegative();
  }

  @Test
  void versionsOfTwoStreamsHaveNoOrder() {
    assertThat(Version.of(at(A, "1")).compare(Version.of(at(B, "2")))).isEmpty();
    assertThat(LastWriterWins.decide(Optional.of(Version.of(at(A, "1"))), Version.of(at(B, "2"))))
        .isEqualTo(LastWriterWins.Decision.INCOMPARABLE);
  }

  @Test
  void anOverwriteIsNewerThanItsFenceAndOlderThanWhatFollows() {
    Version overwrite = overwriting(at(B, "10"), at(A, "99"));
    assertThat(overwrite.compare(Version.of(at(B, "9"))).getAsInt()).isPositive();
    assertThat(overwrite.compare(Version.of(at(B, "10"))).getAsInt()).isPositive();
    assertThat(overwrite.compare(Version.of(at(B, "11"))).getAsInt()).isNegative();
    assertThat(Version.of(at(B, "10")).compare(overwrite).getAsInt()).isNegative();
    assertThat(overwrite.compare(overwrite).getAsInt()).isZero();
    assertThat(overwrite.compare(overwriting(at(B, "10"), at(A, "98"))).getAsInt()).isPositive();
    assertThat(overwrite.compare(overwriting(at(B, "11"), at(A, "1"))).getAsInt()).isNegative();
    assertThat(overwrite.compare(overwriting(at(B, "10"), at("c@1", "1")))).isEmpty();
  }

  @Test
  void aReplayOfAReplayHasTheFirstOrigin() {
    byte[] payload = "{\"a\":1}".getBytes(UTF_8);
    byte[] once = wrap(at(A, "5"), payload);
    byte[] twice = wrap(at(B, "7"), once);

    ReceivedRecord received = ReceivedRecord.of(at("c@1", "9"), twice);

    assertThat(received.payload()).isEqualTo(payload);
    assertThat(received.version()).isEqualTo(Version.of(at(A, "5")));
    assertThat(received.envelope().orElseThrow().header().origin()).isEqualTo(at(B, "7"));
  }

  @Test
  void anEditedCopyIsALiveRecord() {
    byte[] edited = wrap(at(A, "5"), "{\"a\":1}".getBytes(UTF_8));
    edited[edited.length - 2] = '2';

    ReceivedRecord received = ReceivedRecord.of(at(B, "9"), edited);

    assertThat(received.isReplayed()).isFalse();
    assertThat(received.version()).isEqualTo(Version.of(at(B, "9")));
    assertThat(received.payload()).isEqualTo(edited);
  }

  @Test
  void aFenceMakesAnOverwritingVersion() {
    EnvelopeHeader header =
        new EnvelopeHeader("r", at(A, "5"), Instant.EPOCH, 1, Optional.of(at(B, "3")), Map.of());
    byte[] wrapped = Envelope.wrap(header, "x".getBytes(UTF_8));

    assertThat(ReceivedRecord.of(at(B, "9"), wrapped).version())
        .isEqualTo(overwriting(at(B, "3"), at(A, "5")));
  }

  @Test
  void aPlainCopyOfAnOverwritingRecordHasItsVersion() {
    EnvelopeHeader header =
        new EnvelopeHeader("r", at(A, "5"), Instant.EPOCH, 1, Optional.of(at(B, "3")), Map.of());
    byte[] payload = "{\"a\":1}".getBytes(UTF_8);
    byte[] copy = wrap(at(B, "4"), Envelope.wrap(header, payload));
    byte[] binary =
        Envelope.wrap(
            EnvelopeForm.HEADER,
            EnvelopeHeader.of("r2", at(B, "4"), Instant.EPOCH, 1),
            Envelope.wrap(EnvelopeForm.HEADER, header, payload));

    for (byte[] bytes : new byte[][] {copy, binary}) {
      ReceivedRecord received = ReceivedRecord.of(at("c@1", "9"), bytes);
      assertThat(received.version()).isEqualTo(overwriting(at(B, "3"), at(A, "5")));
      assertThat(received.origin()).contains(at(A, "5"));
      assertThat(received.payload()).isEqualTo(payload);
    }
  }

  @Test
  void aVersionComesBackFromItsText() {
    Position odd = new Position("a b%20@1 ", "", "7", Long.MAX_VALUE);
    for (Version version :
        new Version[] {
          Version.of(at(A, "5")),
          Version.of(odd),
          overwriting(at(B, "3"), odd),
          Version.overwriting(odd, overwriting(at(B, "3"), at(A, "5")))
        }) {
      assertThat(Version.parse(version.text())).isEqualTo(version);
    }
    assertThat(overwriting(at(B, "3"), at(A, "5")).text()).isEqualTo("b@1 s 3 0 a@1 s 5 0");
    for (String bad : new String[] {"", "a b", "a s 1 x", "a s x 1", "a s 1 0 b s 1"}) {
      assertThatThrownBy(() -> Version.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theAnnotationsAreThoseOfTheLastReplay() {
    EnvelopeHeader header =
        new EnvelopeHeader(
            "r", at(A, "5"), Instant.EPOCH, 1, Optional.empty(), Map.of("why", "repair"));
    byte[] wrapped = Envelope.wrap(header, "x".getBytes(UTF_8));

    assertThat(ReceivedRecord.of(at(B, "9"), wrapped).annotations())
        .isEqualTo(Map.of("why", "repair"));
    assertThat(ReceivedRecord.of(at(B, "9"), wrap(at(B, "8"), wrapped)).annotations()).isEmpty();
    assertThat(ReceivedRecord.of(at(B, "9"), new byte[0]).annotations()).isEmpty();
  }

  private static Version overwriting(Position fence, Position origin) {
    return Version.overwriting(fence, Version.of(origin));
  }

  private static byte[] wrap(Position origin, byte[] payload) {
    return Envelope.wrap(EnvelopeHeader.of("r", origin, Instant.EPOCH, 1), payload);
  }

  private static Position at(String stream, String sequence) {
    return new Position(stream, "s", sequence, 0);
  }
}
