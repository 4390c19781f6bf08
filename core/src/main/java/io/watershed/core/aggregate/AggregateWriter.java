package io.watershed.core.aggregate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Packs records into one aggregated record, as the KPL does: each key once in its table. Not
 * thread-safe.
 */
public final class AggregateWriter {
  /** A varint of a table's index or of a length, at its longest here. */
  private static final int MAX_VARINT_BYTES = 5;

  /** What an aggregated record has beside its records: mark and checksum. */
  public static final int FRAME_BYTES =
      AggregateFormat.MESSAGE_OFFSET + AggregateFormat.DIGEST_BYTES;

  private final Map<String, Integer> keys = new LinkedHashMap<>();
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private int keyBytes;
  private int count;

  /** Appends a record. */
  public void add(String partitionKey, byte[] payload) {
    Integer index = keys.get(partitionKey);
    if (index == null) {
      index = keys.size();
      keys.put(partitionKey, index);
      keyBytes += keySize(partitionKey);
    }
    tag(records, AggregateFormat.RECORDS_FIELD, 2);
    varint(records, 2 + varintSize(index) + varintSize(payload.length) + payload.length);
    tag(records, AggregateFormat.KEY_INDEX_FIELD, 0);
    varint(records, index);
    bytes(records, AggregateFormat.DATA_FIELD, payload);
    count++;
  }

  /** The most bytes that a record adds, given the bytes of its payload and its partition key. */
  public static long sizeOf(long payloadAndKeyBytes) {
    return payloadAndKeyBytes + 4L * (1 + MAX_VARINT_BYTES);
  }

  /** How many records are in it. */
  public int count() {
    return count;
  }

  /** The most bytes that the whole would have with this record too. */
  public long sizeWith(String partitionKey, byte[] payload) {
    long key = keys.containsKey(partitionKey) ? 0 : keySize(partitionKey);
    return (long) FRAME_BYTES
        + keyBytes
        + key
        + records.size()
        + payload.length
        + 3L * (1 + MAX_VARINT_BYTES);
  }

  /** The aggregated record. The Kinesis record's own partition key is any of those in it. */
  public byte[] toBytes() {
    ByteArrayOutputStream message = new ByteArrayOutputStream(keyBytes + records.size());
    for (String key : keys.keySet()) {
      bytes(message, AggregateFormat.KEYS_FIELD, key.getBytes(StandardCharsets.UTF_8));
    }
    message.writeBytes(records.toByteArray());
    return sealed(message.toByteArray());
  }

  /** The mark, the message and its checksum. */
  static byte[] sealed(byte[] message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + FRAME_BYTES);
    out.writeBytes(AggregateFormat.mark());
    out.writeBytes(message);
    out.writeBytes(AggregateFormat.digest(message, 0, message.length));
    return out.toByteArray();
  }

  private static int keySize(String key) {
    return 1 + MAX_VARINT_BYTES + key.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    tag(out, field, 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void tag(ByteArrayOutputStream out, int field, int type) {
    out.write((field << 3) | type);
  }

  private static int varintSize(int value) {
    return 1 + (31 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
