package io.watershed.replay;

import io.watershed.consumer.Envelope;
import io.watershed.consumer.EnvelopeHeader;
import io.watershed.consumer.Position;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard.HashRange;
import io.watershed.kinesis.PutEntry;
import io.watershed.query.ScannedRecord;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes what is put on the target of an archived record, and of what a plan's expressions give for
 * it.
 */
final class RecordWrapper {
  private static final int MAX_KEY_CHARS = 256;
  private static final long MAX_UTF8_BYTES = 3; // of a char; two chars make one of four bytes
  private static final String LONGEST_ID = "0".repeat(ReplayPlan.ID_CHARS);

  /** A stream's name has up to 128 characters, a shard's as many. */
  private static final Fences LONGEST_FENCES =
      new Fences(
          List.of(
              new Fences.Fence(
                  new HashRange(BigInteger.ZERO, BigInteger.ONE.shiftLeft(128)),
                  new Position(
                      "s".repeat(149),
                      "s".repeat(128),
                      "9".repeat(Position.MAX_SEQUENCE_DIGITS),
                      Integer.MAX_VALUE))));

  private final String replayId;
  private final Delivery delivery;
  private final long epoch;
  private final Fences fences;
  private final List<String> computed;

  /**
   * @param replayId the plan's short id
   * @param epoch which owner of the run sends
   * @param fences of a run that overwrites
   */
  RecordWrapper(String replayId, Delivery delivery, long epoch, Fences fences) {
    this.replayId = replayId;
    this.delivery = delivery;
    this.epoch = epoch;
    this.fences = fences;
    this.computed = List.copyOf(delivery.annotations().expressions().keySet());
  }

  /** Measures records before id and epoch are known. */
  static RecordWrapper longest(Delivery delivery) {
    Fences fences = delivery.overwrite() ? LONGEST_FENCES : Fences.NONE;
    return new RecordWrapper(LONGEST_ID, delivery, Long.MAX_VALUE, fences);
  }

  /** The SQL whose values {@link #entry} and {@link #partitionKey} expect with a record. */
  static List<String> expressions(Delivery delivery) {
    List<String> expressions = new ArrayList<>(delivery.annotations().expressions().values());
    delivery.partitionKey().ifPresent(expressions::add);
    return expressions;
  }

  /** The record to put, in its envelope. */
  PutEntry entry(ScannedRecord row) {
    byte[] payload =
        delivery
            .envelope()
            .form()
            .map(form -> Envelope.wrap(form, header(row), row.record().payload()))
            .orElseGet(row.record()::payload);
    return new PutEntry(partitionKey(row), Optional.empty(), payload);
  }

  /**
   * The partition key on the target.
   *
   * @throws WatershedException {@code invalid-input} if the plan's expression gives none
   */
  String partitionKey(ScannedRecord row) {
    if (delivery.partitionKey().isEmpty()) {
      return row.record().partitionKey();
    }
    return row.values()
        .get(computed.size())
        .filter(RecordWrapper::isKey)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.INVALID_INPUT,
                    "The record at "
                        + row.record().shard()
                        + " "
                        + row.record().position()
                        + " gets no partition key of 1 to 256 characters from '"
                        + delivery.partitionKey().get()
                        + "'",
                    "Select other records, or give a key for all: coalesce(…, _partition_key)."));
  }

  /**
   * What has an order on the target: records of one source key, as far as they have one key there.
   * Records under different keys may be in different shards, which nobody can compare.
   */
  String orderedKey(ScannedRecord row) {
    String source = row.record().partitionKey();
    return delivery.partitionKey().isEmpty() ? source : source + '\n' + partitionKey(row);
  }

  private static boolean isKey(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= 1 && length <= MAX_KEY_CHARS;
  }

  /**
   * The most that a record can count against the target's record limit: payload, envelope and
   * partition key. The same for plan, run and audit if asked of a {@link #longest} wrapper, so that
   * all three leave out the same records.
   */
  long size(ScannedRecord row) {
    byte[] payload = row.record().payload();
    long wrapped =
        delivery
            .envelope()
            .form()
            .map(form -> Envelope.wrappedSize(form, header(row), payload))
            .orElseGet(() -> (long) payload.length);
    return wrapped + keyBytes(partitionKey(row));
  }

  /** Whether {@link #size} is within a limit; only records near it are measured. */
  boolean fits(ScannedRecord row, long maxRecordBytes) {
    long keyChars = Math.max(MAX_KEY_CHARS * 2, row.record().partitionKey().length());
    long atMost =
        row.record().payload().length + Envelope.MAX_ADDED_BYTES + MAX_UTF8_BYTES * keyChars;
    return atMost <= maxRecordBytes || size(row) <= maxRecordBytes;
  }

  /** The record's position in the words of the consumer's library. */
  static Position origin(StreamRecord record) {
    return new Position(
        record.shard().incarnation(),
        record.shard().shardId(),
        record.position().sequenceNumber().decimal(),
        record.position().subSequenceNumber());
  }

  private EnvelopeHeader header(ScannedRecord row) {
    return new EnvelopeHeader(
        replayId,
        origin(row.record()),
        row.record().arrivalTime(),
        epoch,
        fences.of(partitionKey(row)),
        annotations(row));
  }

  private Map<String, String> annotations(ScannedRecord row) {
    if (computed.isEmpty()) {
      return delivery.annotations().constants();
    }
    Map<String, String> all = new HashMap<>(delivery.annotations().constants());
    for (int i = 0; i < computed.size(); i++) {
      String name = computed.get(i);
      row.values().get(i).ifPresent(value -> all.put(name, value));
    }
    return all;
  }

  private static int keyBytes(String partitionKey) {
    return partitionKey.getBytes(StandardCharsets.UTF_8).length;
  }
}
