package io.watershed.cli.put;

import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.kinesis.PutEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Packs records into aggregated ones, as the Kinesis Producer Library does. A key's records always
 * go into packs of the same partition key, so they stay in order; packs of different partition keys
 * go to different shards. Not thread-safe.
 */
public final class RecordPacks {
  private static final int PARTITION_KEYS = 16;
  private static final long MAX_BYTES = 256 << 10;

  private final int maxRecords;
  private final Map<Integer, Filling> filling = new TreeMap<>();

  /** Of the last record that was taken. */
  private long lastNumber;

  /**
   * @param maxRecords records of a pack; with 1 nothing is packed
   */
  public RecordPacks(int maxRecords) {
    this.maxRecords = maxRecords;
  }

  /**
   * Something to put.
   *
   * @param entry a pack, or a record that is not packed
   * @param through number of the last record that is put when this and all earlier ones are
   */
  public record Pack(PutEntry entry, long through) {}

  /**
   * Takes a record.
   *
   * @param number of the record, higher than those before
   * @return what is to be put now, in this order
   */
  public List<Pack> add(String partitionKey, byte[] payload, long number) {
    if (maxRecords == 1) {
      return List.of(new Pack(new PutEntry(partitionKey, Optional.empty(), payload), number));
    }
    List<Pack> full = new ArrayList<>();
    int slot = Math.floorMod(partitionKey.hashCode(), PARTITION_KEYS);
    Filling pack = filling.get(slot);
    if (pack != null && pack.writer.sizeWith(partitionKey, payload) > MAX_BYTES) {
      full.add(finish(slot, pack));
      pack = null;
    }
    if (pack == null) {
      pack = new Filling(number);
      filling.put(slot, pack);
    }
    pack.writer.add(partitionKey, payload);
    lastNumber = number;
    if (pack.writer.count() == maxRecords) {
      full.add(finish(slot, pack));
    }
    return full;
  }

  /** The packs that are not full. */
  public List<Pack> rest() {
    List<Pack> rest = new ArrayList<>();
    new TreeMap<>(filling).forEach((slot, pack) -> rest.add(finish(slot, pack)));
    return rest;
  }

  private Pack finish(int slot, Filling pack) {
    filling.remove(slot);
    long through =
        filling.values().stream().mapToLong(other -> other.first - 1).min().orElse(lastNumber);
    return new Pack(new PutEntry("pack-" + slot, Optional.empty(), pack.writer.toBytes()), through);
  }

  private static final class Filling {
    private final AggregateWriter writer = new AggregateWriter();
    private final long first;

    Filling(long first) {
      this.first = first;
    }
  }
}
