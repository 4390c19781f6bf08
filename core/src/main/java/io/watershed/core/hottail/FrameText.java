package io.watershed.core.hottail;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** How values are written in the bodies of frames. */
final class FrameText {
  private static final int START = 0;
  private static final int AT = 1;

  private FrameText() {}

  /** Writes a body. */
  interface Body {
    void writeTo(DataOutput out) throws IOException;
  }

  static byte[] body(Body body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    body.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  static DataInputStream open(byte[] body) {
    return new DataInputStream(new ByteArrayInputStream(body));
  }

  static void writePosition(DataOutput out, ShardPosition position) throws IOException {
    out.writeUTF(position.sequenceNumber().decimal());
    out.writeLong(position.subSequenceNumber());
  }

  static ShardPosition readPosition(DataInput in) throws IOException {
    return new ShardPosition(SequenceNumber.parse(in.readUTF()), in.readLong());
  }

  /** A checkpoint of an unfinished shard: START or a position. */
  static void writeLow(DataOutput out, After low) throws IOException {
    Optional<ShardPosition> position = low.lastPosition();
    out.writeByte(position.isPresent() ? AT : START);
    if (position.isPresent()) {
      writePosition(out, position.get());
    }
  }

  static After readLow(DataInput in) throws IOException {
    return in.readByte() == START ? new After.Start() : new After.At(readPosition(in));
  }

  static void writeRecord(DataOutput out, StreamRecord record) throws IOException {
    writePosition(out, record.position());
    out.writeUTF(record.partitionKey());
    Instant arrival = record.arrivalTime();
    out.writeLong(arrival.getEpochSecond());
    out.writeInt(arrival.getNano());
    out.writeInt(record.payload().length);
    out.write(record.payload());
  }

  /** Reads a record; its payload can be no longer than what the body still holds. */
  static StreamRecord readRecord(DataInputStream in, ShardKey shard) throws IOException {
    ShardPosition position = readPosition(in);
    String partitionKey = in.readUTF();
    Instant arrival;
    try {
      arrival = Instant.ofEpochSecond(in.readLong(), in.readInt());
    } catch (DateTimeException e) {
      throw new IOException("a record's arrival time is out of range", e);
    }
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a record is longer than its frame");
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new StreamRecord(shard, position, partitionKey, arrival, payload);
  }
}
