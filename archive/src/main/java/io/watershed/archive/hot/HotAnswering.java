package io.watershed.archive.hot;

import io.watershed.archive.PendingBatch;
import io.watershed.archive.PendingRecords;
import io.watershed.archive.PendingShard;
import io.watershed.core.checkpoint.After;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.core.hottail.HotTailWriter;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/**
 * Answers one statement. Between two reads' worth of records it looks again at what the archiver
 * holds, so that it keeps no more than one read alive that a commit has let go meanwhile: what is
 * gone by then is withdrawn.
 */
final class HotAnswering {
  private final String stream;
  private final PendingRecords pending;

  HotAnswering(String stream, PendingRecords pending) {
    this.stream = stream;
    this.pending = pending;
  }

  void answer(InputStream in, OutputStream out) throws IOException {
    HotQuestion question = HotTailWriter.question(in, out);
    PendingRecords.Held held = pending.held();
    Optional<String> refusal = refusal(question, held);
    if (refusal.isPresent()) {
      HotTailWriter.refuse(out, refusal.get());
      return;
    }
    HotTailWriter writer = HotTailWriter.answer(out, held.what().orElseThrow().incarnation());
    for (ShardKey shard : held.shards()) {
      Optional<Range> range = held.of(shard).flatMap(Range::of);
      if (range.isPresent()) {
        send(writer, held, shard, range.get());
      }
    }
    writer.end();
  }

  private Optional<String> refusal(HotQuestion question, PendingRecords.Held held) {
    if (!question.stream().equals(stream)) {
      return Optional.of("this is another stream");
    }
    if (held.what().isEmpty()) {
      return Optional.of("nothing is being archived now");
    }
    PendingRecords.Of what = held.what().get();
    if (!what.table().equals(question.table())) {
      return Optional.of("this is another table");
    }
    return what.documents() == question.documents()
        ? Optional.empty()
        : Optional.of("records are taken apart in another way");
  }

  /** What is promised of a shard when it begins; records that come later are not part of it. */
  private record Range(After low, ShardPosition high, boolean drained) {
    static Optional<Range> of(PendingShard shard) {
      boolean something = shard.recordCount() > 0 || shard.drained();
      return shard
          .high()
          .filter(high -> something)
          .map(high -> new Range(shard.low(), high, shard.drained()));
    }
  }

  private static void send(
      HotTailWriter writer, PendingRecords.Held held, ShardKey shard, Range range)
      throws IOException {
    writer.beginShard(shard.shardId(), range.low(), range.high(), range.drained());
    After sent = range.low();
    while (!sent.covers(range.high())) {
      After through = sent;
      List<StreamRecord> next =
          held.of(shard).map(now -> next(now, through, range.high())).orElse(List.of());
      if (next.isEmpty()) {
        writer.withdrawShard();
        return;
      }
      writer.records(next);
      sent = new After.At(next.get(next.size() - 1).position());
    }
    writer.endShard();
  }

  /** The rest of the first read that is not sent; empty if it was let go. */
  private static List<StreamRecord> next(PendingShard now, After sent, ShardPosition high) {
    if (!now.low().lastPosition().map(sent::covers).orElse(true)) {
      return List.of();
    }
    for (PendingBatch batch : now.batches()) {
      List<StreamRecord> left =
          batch.records().stream()
              .filter(record -> !sent.covers(record.position()))
              .filter(record -> record.position().compareTo(high) <= 0)
              .toList();
      if (!left.isEmpty()) {
        return left;
      }
    }
    return List.of();
  }
}
