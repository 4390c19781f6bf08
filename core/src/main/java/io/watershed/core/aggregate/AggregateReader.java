package io.watershed.core.aggregate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes one aggregated record apart. All or nothing: one that is wrong anywhere is {@link
 * Aggregate.Broken}, and its bytes are for the caller to keep. Nothing is believed before it is
 * checked, and nothing is allocated by a number that the record claims.
 *
 * <p>Explicit hash keys are checked to be in their table and then left alone: they chose the shard,
 * as those of plain records did, which nobody gets to see either. Tags, which no library writes,
 * too.
 */
public final class AggregateReader {
  /** User records of one aggregated record: more than 1 MiB can hold. */
  public static final int MAX_RECORDS = 200_000;

  /** Unicode code points of a partition key, as in the Kinesis API. */
  public static final int MAX_KEY_CHARACTERS = 256;

  private final byte[] record;
  private final Ranges keys = new Ranges();
  private final Ranges data = new Ranges();
  private final Ranges indexes = new Ranges();
  private int hashKeys;

  private AggregateReader(byte[] record) {
    this.record = record;
  }

  /**
   * Reads a Kinesis record's data.
   *
   * @param record not modified, not kept
   */
  public static Aggregate read(byte[] record) {
    if (!AggregateFormat.hasMark(record)) {
      return new Aggregate.None();
    }
    try {
      return new Aggregate.Of(new AggregateReader(record).records());
    } catch (BrokenAggregate e) {
      return new Aggregate.Broken(e.problem());
    }
  }

  /**
   * Why a record with the mark was not taken apart; empty for one without. A function of the bytes,
   * so whoever meets an archived payload finds the same reason again.
   */
  public static Optional<AggregateProblem> problem(byte[] record) {
    return read(record) instanceof Aggregate.Broken broken
        ? Optional.of(broken.problem())
        : Optional.empty();
  }

  private List<Aggregate.UserRecord> records() throws BrokenAggregate {
    int end = record.length - AggregateFormat.DIGEST_BYTES;
    if (end < AggregateFormat.MESSAGE_OFFSET) {
      throw new BrokenAggregate(AggregateProblem.CUT_OFF);
    }
    byte[] digest = AggregateFormat.digest(record, AggregateFormat.MESSAGE_OFFSET, end);
    if (!Arrays.equals(digest, 0, digest.length, record, end, record.length)) {
      throw new BrokenAggregate(AggregateProblem.CHECKSUM);
    }
    readMessage(end);
    if (data.size() == 0) {
      throw new BrokenAggregate(AggregateProblem.NO_RECORDS);
    }
    return userRecords();
  }

  private void readMessage(int end) throws BrokenAggregate {
    WireReader message = new WireReader(record).over(AggregateFormat.MESSAGE_OFFSET, end);
    WireReader inner = new WireReader(record);
    WireReader tag = new WireReader(record);
    while (message.next()) {
      if (message.isBytes(AggregateFormat.KEYS_FIELD)) {
        keys.add(message.from(), message.to());
      } else if (message.isBytes(AggregateFormat.HASH_KEYS_FIELD)) {
        hashKeys++;
      } else if (message.isBytes(AggregateFormat.RECORDS_FIELD)) {
        readRecord(inner.over(message.from(), message.to()), tag);
      }
    }
  }

  private void readRecord(WireReader fields, WireReader tag) throws BrokenAggregate {
    long keyIndex = -1;
    long hashKeyIndex = -1;
    boolean hasData = false;
    int from = 0;
    int to = 0;
    while (fields.next()) {
      if (fields.isNumber(AggregateFormat.KEY_INDEX_FIELD)) {
        keyIndex = index(fields);
      } else if (fields.isNumber(AggregateFormat.HASH_KEY_INDEX_FIELD)) {
        hashKeyIndex = index(fields);
      } else if (fields.isBytes(AggregateFormat.DATA_FIELD)) {
        hasData = true;
        from = fields.from();
        to = fields.to();
      } else if (fields.isBytes(AggregateFormat.TAGS_FIELD)) {
        requireKey(tag.over(fields.from(), fields.to()));
      }
    }
    if (keyIndex < 0 || !hasData) {
      throw new BrokenAggregate(AggregateProblem.FIELD_MISSING);
    }
    if (data.size() == MAX_RECORDS) {
      throw new BrokenAggregate(AggregateProblem.TOO_MANY_RECORDS);
    }
    data.add(from, to);
    indexes.add((int) keyIndex, (int) hashKeyIndex);
  }

  /** Tables can follow the records that use them, so this checks only what no table can have. */
  private long index(WireReader fields) throws BrokenAggregate {
    long index = fields.number();
    if (index < 0 || index > record.length) {
      throw new BrokenAggregate(AggregateProblem.KEY_INDEX);
    }
    return index;
  }

  private static void requireKey(WireReader tag) throws BrokenAggregate {
    boolean hasKey = false;
    while (tag.next()) {
      hasKey |= tag.isBytes(AggregateFormat.TAG_KEY_FIELD);
    }
    if (!hasKey) {
      throw new BrokenAggregate(AggregateProblem.FIELD_MISSING);
    }
  }

  private List<Aggregate.UserRecord> userRecords() throws BrokenAggregate {
    @Nullable String[] decoded = new @Nullable String[keys.size()];
    List<Aggregate.UserRecord> records = new ArrayList<>(data.size());
    for (int i = 0; i < data.size(); i++) {
      int key = indexes.first(i);
      if (key >= keys.size() || indexes.second(i) >= hashKeys) {
        throw new BrokenAggregate(AggregateProblem.KEY_INDEX);
      }
      String partitionKey = decoded[key];
      if (partitionKey == null) {
        partitionKey = decodeKey(keys.first(key), keys.second(key));
        decoded[key] = partitionKey;
      }
      byte[] payload = Arrays.copyOfRange(record, data.first(i), data.second(i));
      records.add(new Aggregate.UserRecord(partitionKey, payload));
    }
    return records;
  }

  private String decodeKey(int from, int to) throws BrokenAggregate {
    if (to - from > 4 * MAX_KEY_CHARACTERS) {
      throw new BrokenAggregate(AggregateProblem.KEY_TOO_LONG);
    }
    try {
      String key =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(record, from, to - from))
              .toString();
      if (key.codePointCount(0, key.length()) > MAX_KEY_CHARACTERS) {
        throw new BrokenAggregate(AggregateProblem.KEY_TOO_LONG);
      }
      return key;
    } catch (CharacterCodingException e) {
      throw new BrokenAggregate(AggregateProblem.KEY_NOT_TEXT);
    }
  }
}
