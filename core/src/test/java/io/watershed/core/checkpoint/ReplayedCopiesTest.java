package io.watershed.core.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplayedCopiesTest {
  private static final ShardKey OURS = new ShardKey("orders@20261123T100000.000Z", "shardId-0");

  @Test
  void anUnchangedCopyOfACoveredRecordIsOne() {
    assertThat(isCopy(envelope(OURS.incarnation(), "10"))).isTrue();
    assertThat(isCopy(envelope(OURS.incarnation(), "9"))).isTrue();
  }

  @Test
  void aPositionAfterTheCheckpointIsKept() {
    assertThat(isCopy(envelope(OURS.incarnation(), "11"))).isFalse();
    assertThat(isCopy(envelope(OURS.incarnation(), "1".repeat(100)))).isFalse();
  }

  @Test
  void anotherStreamsRecordIsKept() {
    assertThat(isCopy(envelope("orders@20261123T100000.001Z", "10"))).isFalse();
  }

  @Test
  void anEditedCopyIsKept() {
    byte[] edited = envelope(OURS.incarnation(), "10");
    edited[edited.length - 2] = '2';
    assertThat(isCopy(edited)).isFalse();
  }

  @Test
  void aLiveRecordIsKept() {
    assertThat(isCopy("{\"a\":1}".getBytes(UTF_8))).isFalse();
    assertThat(isCopy(new byte[0])).isFalse();
  }

  @Test
  void aCopyThatComesBackThroughAnotherStreamIsRecognised() {
    assertThat(isCopy(around(envelope(OURS.incarnation(), "10")))).isTrue();
    assertThat(isCopy(around("{\"a\":1}".getBytes(UTF_8)))).isFalse();
  }

  @Test
  void aCopyEditedOnTheWayThroughAnotherStreamIsKept() {
    byte[] inner = envelope(OURS.incarnation(), "10");
    inner[inner.length - 2] = '2';
    assertThat(isCopy(around(inner))).isFalse();
  }

  private static boolean isCopy(byte[] payload) {
    After ten = new After.At(ShardPosition.of(SequenceNumber.parse("10")));
    return ReplayedCopies.isCopyOfArchived(
        payload, shard -> shard.equals(OURS) ? Optional.of(ten) : Optional.empty());
  }

  private static byte[] envelope(String stream, String sequence) {
    Position origin = new Position(stream, OURS.shardId(), sequence, 0);
    return Envelope.wrap(
        EnvelopeHeader.of("r", origin, Instant.EPOCH, 1), "{\"a\":1}".getBytes(UTF_8));
  }

  private static byte[] around(byte[] payload) {
    Position origin = new Position("other@20261123T100000.000Z", "shardId-0", "5", 0);
    return Envelope.wrap(EnvelopeHeader.of("r2", origin, Instant.EPOCH, 1), payload);
  }
}
