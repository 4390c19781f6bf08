package io.watershed.core.hottail;

import static io.watershed.core.hottail.FrameText.body;

import io.watershed.core.checkpoint.After;
import io.watershed.core.error.WatershedException;
import io.watershed.core.hottail.Frames.Frame;
import io.watershed.core.hottail.Frames.Kind;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statement's end of one conversation: asks, and believes nothing that it has not checked. An
 * answer is used whole or not at all. Used by one thread.
 */
public final class HotTailReader {
  private final InputStream in;
  private final long maxRecords;
  private final long maxBytes;
  private final Runnable progress;
  private final Map<ShardKey, HotShard> shards = new HashMap<>();
  private @Nullable String incarnation;
  private @Nullable Open open;
  private long records;
  private long bytes;

  private HotTailReader(InputStream in, long maxRecords, long maxBytes, Runnable progress) {
    this.in = in;
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /**
   * Asks an archiver.
   *
   * @param maxRecords an answer with more records is refused
   * @param maxBytes an answer with more payload bytes is refused
   * @param progress called with every frame that came
   * @throws IOException if there is no answer that can be used
   */
  public static HotAnswer ask(
      InputStream in,
      OutputStream out,
      HotQuestion question,
      long maxRecords,
      long maxBytes,
      Runnable progress)
      throws IOException {
    Frames.writeHello(out);
    Frames.write(
        out,
        Kind.QUESTION,
        body(
            data -> {
              data.writeUTF(question.table().toString());
              data.writeUTF(question.stream());
              data.writeUTF(question.documents().name());
            }));
    Frames.readHello(in);
    try {
      return new HotTailReader(in, maxRecords, maxBytes, progress).read();
    } catch (WatershedException | IllegalArgumentException e) {
      throw new IOException("the answer is not understood: " + e.getMessage(), e);
    }
  }

  /** A shard of which records still come. */
  private record Open(
      ShardKey shard, After low, ShardPosition high, boolean drained, List<StreamRecord> records) {}

  private HotAnswer read() throws IOException {
    while (true) {
      Frame frame = Frames.read(in, Frames.MAX_BODY_BYTES);
      progress.run();
      try (DataInputStream body = FrameText.open(frame.body())) {
        switch (frame.kind()) {
          case REFUSED -> throw new IOException("the archiver refuses: " + body.readUTF());
          case INCARNATION -> incarnation = body.readUTF();
          case SHARD -> begin(body);
          case RECORDS -> take(body);
          case SHARD_END -> end(body.readLong());
          case SHARD_WITHDRAWN -> open = null;
          case END -> {
            return answer(body.readInt());
          }
          default -> throw new IOException("an archiver does not say " + frame.kind());
        }
      }
    }
  }

  private void begin(DataInputStream body) throws IOException {
    String of = Optional.ofNullable(incarnation).orElseThrow(HotTailReader::disorder);
    if (open != null) {
      throw disorder();
    }
    open =
        new Open(
            new ShardKey(of, body.readUTF()),
            FrameText.readLow(body),
            FrameText.readPosition(body),
            body.readBoolean(),
            new ArrayList<>());
  }

  private void take(DataInputStream body) throws IOException {
    Open shard = Optional.ofNullable(open).orElseThrow(HotTailReader::disorder);
    int count = body.readInt();
    for (int i = 0; i < count; i++) {
      StreamRecord record = FrameText.readRecord(body, shard.shard());
      check(shard, record);
      shard.records().add(record);
      records++;
      bytes += record.payload().length;
      if (records > maxRecords || bytes > maxBytes) {
        throw new IOException("the archiver holds more than a statement may read");
      }
    }
  }

  /** In (low, high], and in order. */
  private static void check(Open shard, StreamRecord record) throws IOException {
    ShardPosition position = record.position();
    List<StreamRecord> before = shard.records();
    boolean inOrder =
        before.isEmpty() || position.compareTo(before.get(before.size() - 1).position()) > 0;
    if (!inOrder || shard.low().covers(position) || position.compareTo(shard.high()) > 0) {
      throw new IOException("a record of " + shard.shard().shardId() + " is out of place");
    }
  }

  private void end(long count) throws IOException {
    Open shard = Optional.ofNullable(open).orElseThrow(HotTailReader::disorder);
    open = null;
    boolean whole = count == shard.records().size() && reachesHigh(shard);
    HotShard complete =
        new HotShard(shard.shard(), shard.low(), shard.high(), shard.drained(), shard.records());
    if (!whole || shards.put(shard.shard(), complete) != null) {
      throw new IOException(shard.shard().shardId() + " is not complete");
    }
  }

  /** The last record is at high; there is none only if high is low. */
  private static boolean reachesHigh(Open shard) {
    List<StreamRecord> records = shard.records();
    return records.isEmpty()
        ? shard.low().lastPosition().equals(Optional.of(shard.high()))
        : records.get(records.size() - 1).position().equals(shard.high());
  }

  private HotAnswer answer(int count) throws IOException {
    if (open != null || count != shards.size()) {
      throw disorder();
    }
    return new HotAnswer(shards);
  }

  private static IOException disorder() {
    return new IOException("the frames of an answer are out of order");
  }
}
