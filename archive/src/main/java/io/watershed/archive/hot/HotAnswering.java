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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers one statement. Time and again it looks at what the archiver holds, so that it keeps
 * little more than {@value #LOOK_BYTES} bytes alive that a commit has let go meanwhile: what is
 * gone by then is withdrawn.
 */
final class HotAnswering {
  /** So many payload bytes are sent between two looks at what is held. */
  private static final long LOOK_BYTES = 1 << 20;

  private final String stream;
  private final PendingRecords pending;

  HotAnswering(String stream, PendingRecords pending) {
    this.stream = stream;
    this.pending = pending;
  }

  void answer(InputStream in, OutputStream out) throws IOException {
    HotQuestion question = HotTailWriter.question(in, out);
    PendingRecords.Held held = pending.held();
    Optional<String> refusal = HotOffer.refusal(question, stream, held);
    if (refusal.isPresent()) {
      HotTailWriter.refuse(out, refusal.get());
      return;
    }
    HotTailWriter writer = HotTailWriter.answer(out, held.what().orElseThrow().incarnation());
    for (ShardKey shard : held.shards()) {
      Optional<HotOffer> range = held.of(shard).flatMap(HotOffer::of);
      if (range.isPresent()) {
        send(writer, held, shard, range.get());
      }
    }
    writer.end();
  }

  private static void send(
      HotTailWriter writer, PendingRecords.Held held, ShardKey shard, HotOffer range)
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

  /** The next records that are not sent, of one or more reads; empty if they were let go. */
  private static List<StreamRecord> next(PendingShard now, After sent, ShardPosition high) {
    List<StreamRecord> next = new ArrayList<>();
    if (!now.low().lastPosition().map(sent::covers).orElse(true)) {
      return next;
    }
    long bytes = 0;
    for (PendingBatch batch : now.batches()) {
      if (bytes >= LOOK_BYTES) {
        return next;
      }
      if (!isSent(batch.records(), sent)) {
        bytes += addTo(next, batch.records(), sent, high);
      }
    }
    return next;
  }

  private static boolean isSent(List<StreamRecord> read, After sent) {
    return read.isEmpty() || sent.covers(read.get(read.size() - 1).position());
  }

  private static long addTo(
      List<StreamRecord> next, List<StreamRecord> read, After sent, ShardPosition high) {
    long bytes = 0;
    for (StreamRecord record : read) {
      if (!sent.covers(record.position()) && record.position().compareTo(high) <= 0) {
        next.add(record);
        bytes += record.payload().length;
      }
    }
    return bytes;
  }
}
