package io.watershed.archive;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run has done so far: committed work, and the pace of reading. One step at a time. */
final class Progress {
  private static final Duration RATE_WINDOW = Duration.ofSeconds(10);

  private static final Duration SAMPLE_WIDTH = Duration.ofMillis(250);

  private final List<Gap> gaps = new ArrayList<>();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long records;
  private long skipped;
  private long payloadBytes;
  private long commits;
  private Optional<Instant> lastCommit = Optional.empty();

  private record Sample(Instant at, long records, long bytes) {}

  void committed(CommitPlan plan, Instant now) {
    records += plan.rows();
    skipped += plan.skipped();
    payloadBytes += plan.payloadBytes();
    gaps.addAll(plan.gaps());
    commits++;
    lastCommit = Optional.of(now);
  }

  void read(long count, long bytes, Instant now) {
    Sample last = samples.peekLast();
    if (last != null && Duration.between(last.at(), now).compareTo(SAMPLE_WIDTH) < 0) {
      samples.removeLast();
      samples.addLast(new Sample(last.at(), last.records() + count, last.bytes() + bytes));
    } else {
      samples.addLast(new Sample(now, count, bytes));
    }
    forgetOld(now);
  }

  double recordsPerSecond(Instant now) {
    forgetOld(now);
    return samples.stream().mapToLong(Sample::records).sum() / (double) RATE_WINDOW.toSeconds();
  }

  double bytesPerSecond(Instant now) {
    forgetOld(now);
    return samples.stream().mapToLong(Sample::bytes).sum() / (double) RATE_WINDOW.toSeconds();
  }

  private void forgetOld(Instant now) {
    Instant oldest = now.minus(RATE_WINDOW);
    while (!samples.isEmpty() && samples.getFirst().at().isBefore(oldest)) {
      samples.removeFirst();
    }
  }

  long records() {
    return records;
  }

  long skipped() {
    return skipped;
  }

  long commits() {
    return commits;
  }

  long gapCount() {
    return gaps.size();
  }

  Optional<Instant> lastCommit() {
    return lastCommit;
  }

  StreamOutcome outcome(String stream, int fences, Optional<WatershedException> failure) {
    return new StreamOutcome(
        stream, records, skipped, payloadBytes, commits, gaps, fences, failure);
  }
}
