package io.watershed.core.hottail;

import static io.watershed.core.hottail.FrameText.body;

import io.watershed.core.checkpoint.After;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.hottail.Frames.Frame;
import io.watershed.core.hottail.Frames.Kind;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;

/**
 * The archiver's end of one conversation. Nothing is buffered beyond one frame, so whoever writes
 * keeps as little as it likes. Used by one thread.
 */
public final class HotTailWriter {
  /** A question is a few names. */
  private static final int MAX_QUESTION_BYTES = 4 << 10;

  /** A frame is sent when it holds this much; one record may make it larger. */
  private static final int FRAME_BYTES = 1 << 20;

  private final OutputStream out;
  private int shards;
  private long records;

  private HotTailWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Greets and reads the question.
   *
   * @throws IOException if the other side says anything else
   */
  public static HotQuestion question(InputStream in, OutputStream out) throws IOException {
    Frames.writeHello(out);
    Frames.readHello(in);
    Frame frame = Frames.read(in, MAX_QUESTION_BYTES);
    if (frame.kind() != Kind.QUESTION) {
      throw new IOException("a question was expected");
    }
    try {
      DataInputStream body = FrameText.open(frame.body());
      return new HotQuestion(
          UUID.fromString(body.readUTF()), body.readUTF(), Documents.valueOf(body.readUTF()));
    } catch (IllegalArgumentException e) {
      throw new IOException("the question is not understood", e);
    }
  }

  /** Says that there is nothing for this statement. */
  public static void refuse(OutputStream out, String why) throws IOException {
    Frames.write(out, Kind.REFUSED, body(data -> data.writeUTF(why)));
  }

  /** Begins an answer about this incarnation. */
  public static HotTailWriter answer(OutputStream out, String incarnation) throws IOException {
    Frames.write(out, Kind.INCARNATION, body(data -> data.writeUTF(incarnation)));
    return new HotTailWriter(out);
  }

  /** Begins a shard. All of (low, high] must follow, or {@link #withdrawShard()}. */
  public void beginShard(String shardId, After low, ShardPosition high, boolean drained)
      throws IOException {
    records = 0;
    Frames.write(
        out,
        Kind.SHARD,
        body(
            data -> {
              data.writeUTF(shardId);
              FrameText.writeLow(data, low);
              FrameText.writePosition(data, high);
              data.writeBoolean(drained);
            }));
  }

  /** The next records of the shard, in order. */
  public void records(List<StreamRecord> next) throws IOException {
    int from = 0;
    while (from < next.size()) {
      int end = from + 1;
      long bytes = next.get(from).payload().length;
      while (end < next.size() && bytes + next.get(end).payload().length <= FRAME_BYTES) {
        bytes += next.get(end++).payload().length;
      }
      write(next.subList(from, end));
      from = end;
    }
  }

  private void write(List<StreamRecord> frame) throws IOException {
    records += frame.size();
    Frames.write(
        out,
        Kind.RECORDS,
        body(
            data -> {
              data.writeInt(frame.size());
              for (StreamRecord record : frame) {
                FrameText.writeRecord(data, record);
              }
            }));
  }

  /** Everything of the shard was sent. */
  public void endShard() throws IOException {
    shards++;
    Frames.write(out, Kind.SHARD_END, body(data -> data.writeLong(records)));
  }

  /** The rest of the shard is not there any more. */
  public void withdrawShard() throws IOException {
    Frames.write(out, Kind.SHARD_WITHDRAWN, new byte[0]);
  }

  /** Ends the answer. */
  public void end() throws IOException {
    Frames.write(out, Kind.END, body(data -> data.writeInt(shards)));
  }
}
