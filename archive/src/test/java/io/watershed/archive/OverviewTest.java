package io.watershed.archive;

import static io.watershed.archive.ArchiveFixture.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.overview.Overviews;
import io.watershed.archive.overview.StreamOverview;
import io.watershed.archive.overview.Waiting;
import io.watershed.kinesis.StreamSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What status shows: the table's side and the stream's side. */
final class OverviewTest {
  @TempDir Path folder;
  private ArchiveFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ArchiveFixture(folder);
    fixture.createStream(2);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatIsNotArchivedIsCountedWithItsAgeAndItsTimeToTrim() {
    fixture.put(0, 100);
    fixture.once();
    fixture.put(100, 130);
    fixture.clock.forward(Duration.ofHours(23));

    StreamOverview overview = look();

    assertThat(overview.records()).isEqualTo(100);
    assertThat(waiting(overview).stream().mapToLong(Waiting::records).sum()).isEqualTo(30);
    assertThat(overview.lag().orElseThrow())
        .isBetween(Duration.ofHours(23), Duration.ofHours(23).plusMinutes(5));
    assertThat(overview.timeToTrim().orElseThrow())
        .isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
    assertThat(overview.notAsked()).isEmpty();
  }

  @Test
  void nothingWaitsWhenEverythingIsArchived() {
    fixture.put(0, 100);
    fixture.once();

    StreamOverview overview = look();

    assertThat(waiting(overview))
        .hasSize(2)
        .allSatisfy(
            waiting -> {
              assertThat(waiting.records()).isZero();
              assertThat(waiting.more()).isFalse();
              assertThat(waiting.problem()).isEmpty();
            });
    assertThat(overview.lag()).isEmpty();
    assertThat(overview.timeToTrim()).isEmpty();
  }

  @Test
  void theRateIsOverTheTimeSinceTheFirstCommitThatIsKnown() {
    fixture.put(0, 100);
    fixture.once();
    fixture.put(100, 150);
    fixture.once();

    // A snapshot's time is the machine's, whatever the fixture's clock says. The first run commits
    // once or twice.
    assertThat(look(() -> Instant.now().plusSeconds(100)).recordsPerSecond().orElseThrow())
        .isBetween(0.4, 1.51);
  }

  @Test
  void aStreamThatIsGoneIsSaidAndItsArchiveIsStillShown() {
    fixture.put(0, 100);
    fixture.once();
    fixture.streams.deleteStream(STREAM).join();

    StreamOverview overview = look();

    assertThat(overview.records()).isEqualTo(100);
    assertThat(overview.notAsked().orElseThrow()).contains(STREAM);
  }

  private StreamOverview look() {
    return look(fixture.clock);
  }

  private StreamOverview look(InstantSource clock) {
    try (StreamSource source = fixture.streams.source(STREAM)) {
      return new Overviews(clock)
          .look(fixture.reservoir.find(STREAM).orElseThrow(), Optional.of(source));
    }
  }

  private static List<Waiting> waiting(StreamOverview overview) {
    return overview.shards().stream().flatMap(shard -> shard.waiting().stream()).toList();
  }
}
