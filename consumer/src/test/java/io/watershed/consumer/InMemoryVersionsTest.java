package io.watershed.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.consumer.LastWriterWins.Decision;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** PROTOCOL 7.4: versions of deleted keys are kept for a stated horizon. */
class InMemoryVersionsTest {
  private static final Duration HORIZON = Duration.ofDays(7);

  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private final LastWriterWins<String> rule =
      new LastWriterWins<>(AppliedVersions.inMemory(HORIZON, () -> now));

  @Test
  void anOldCopyDoesNotBringADeletedKeyBackWithinTheHorizon() {
    put("k", 5);
    assertThat(delete("k", 6)).isEqualTo(Decision.APPLY);
    pass(HORIZON);
    assertThat(put("j", 7)).isEqualTo(Decision.APPLY);

    assertThat(put("k", 5)).isEqualTo(Decision.STALE);
  }

  @Test
  void beyondTheHorizonTheKeyIsForgottenAndAnOldCopyBringsItBack() {
    delete("k", 6);
    pass(HORIZON.plusMillis(1));
    put("j", 7);

    assertThat(put("k", 5))
        .as("this is why replays must not reach back further")
        .isEqualTo(Decision.APPLY);
  }

  @Test
  void keysThatAreNotDeletedAreNeverForgotten() {
    delete("k", 6);
    put("k", 8);
    put("j", 5);
    pass(HORIZON.multipliedBy(2));
    delete("i", 1);

    assertThat(put("k", 7)).isEqualTo(Decision.STALE);
    assertThat(put("j", 4)).isEqualTo(Decision.STALE);
  }

  @Test
  void aKeyThatIsDeletedAgainIsKeptFromThenOn() {
    delete("k", 6);
    pass(HORIZON);
    delete("k", 8);
    pass(HORIZON);
    put("j", 9);

    assertThat(put("k", 7)).isEqualTo(Decision.STALE);
  }

  @Test
  void aStaleDeletionIsNoDeletion() {
    put("k", 6);
    assertThat(delete("k", 5)).isEqualTo(Decision.STALE);
    pass(HORIZON.multipliedBy(2));
    put("j", 9);

    assertThat(put("k", 5)).isEqualTo(Decision.STALE);
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
  }

  private Decision put(String key, int version) {
    return rule.offer(key, version(version), () -> {});
  }

  private Decision delete(String key, int version) {
    return rule.offerDeletion(key, version(version), () -> {});
  }

  private static Version version(int sequence) {
    return Version.of(new Position("a@1", "s", String.valueOf(sequence), 0));
  }
}
