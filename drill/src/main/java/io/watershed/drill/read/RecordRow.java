package io.watershed.drill.read;

import io.watershed.core.payload.DecodeError;
import io.watershed.core.payload.GuardedShredder;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.Shredder;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Makes rows of records, as the encoder does, for the columns that are read. Not thread-safe. */
final class RecordRow {
  private final PayloadLayout layout;
  private final BitSet wanted;
  private final @Nullable Shredder shredder;
  private @Nullable ShardKey shard;
  private byte[] incarnation = {};
  private byte[] shardId = {};

  /**
   * @param wanted indexes of a {@link Row}
   */
  RecordRow(PayloadFormat format, PayloadLayout layout, BitSet wanted) {
    this.layout = layout;
    this.wanted = wanted;
    BitSet slots = new BitSet();
    for (PayloadLayout.Slot slot : layout.slots()) {
      slots.set(slot.index(), wanted.get(Row.index(slot.index())));
    }
    boolean shreds = !slots.isEmpty() || reads(SystemColumn.DECODE_ERROR);
    shredder = shreds ? new GuardedShredder(format.shredder(layout, slots), layout) : null;
  }

  private boolean reads(SystemColumn column) {
    return wanted.get(Row.index(column));
  }

  void fill(Row row, StreamRecord record) {
    row.clear();
    if (!record.shard().equals(shard)) {
      shard = record.shard();
      incarnation = utf8(record.shard().incarnation());
      shardId = utf8(record.shard().shardId());
    }
    row.setBytes(Row.index(SystemColumn.INCARNATION), incarnation);
    row.setBytes(Row.index(SystemColumn.SHARD_ID), shardId);
    if (reads(SystemColumn.SEQUENCE_NUMBER)) {
      row.setBytes(
          Row.index(SystemColumn.SEQUENCE_NUMBER),
          utf8(record.position().sequenceNumber().padded()));
    }
    row.setNumber(
        Row.index(SystemColumn.SUB_SEQUENCE_NUMBER), record.position().subSequenceNumber());
    if (reads(SystemColumn.PARTITION_KEY)) {
      row.setBytes(Row.index(SystemColumn.PARTITION_KEY), utf8(record.partitionKey()));
    }
    row.setNumber(
        Row.index(SystemColumn.ARRIVAL_TIME),
        ChronoUnit.MICROS.between(Instant.EPOCH, record.arrivalTime()));
    row.setBytes(Row.index(SystemColumn.PAYLOAD), record.payload());
    if (record.isCopy()) {
      row.setBytes(Row.index(SystemColumn.REPLAY_ID), utf8(Origin.replayId(record.payload())));
    }
    if (readsOrigin()) {
      Origin.fill(row, record.payload());
    }
    if (shredder != null) {
      fillPayload(row, shredder.shred(record.payload()));
    }
  }

  private boolean readsOrigin() {
    return reads(SystemColumn.ORIGIN_INCARNATION)
        || reads(SystemColumn.ORIGIN_SHARD_ID)
        || reads(SystemColumn.ORIGIN_SEQUENCE_NUMBER)
        || reads(SystemColumn.ORIGIN_SUB_SEQUENCE_NUMBER);
  }

  private void fillPayload(Row row, PayloadRow shredded) {
    DecodeError error = shredded.decodeError();
    if (error != null) {
      row.setBytes(Row.index(SystemColumn.DECODE_ERROR), utf8(error.text()));
    }
    for (PayloadLayout.Slot slot : layout.slots()) {
      int index = Row.index(slot.index());
      if (!wanted.get(index) || !shredded.isPresent(slot.index())) {
        continue;
      }
      switch (slot.column().type()) {
        case LONG -> row.setNumber(index, shredded.longValue(slot.index()));
        case DOUBLE -> row.setReal(index, shredded.doubleValue(slot.index()));
        case BOOLEAN -> row.setNumber(index, shredded.booleanValue(slot.index()) ? 1 : 0);
        case TEXT, JSON -> row.setBytes(index, shredded.utf8(slot.index()));
        case STRUCT -> row.setNumber(index, 1);
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
