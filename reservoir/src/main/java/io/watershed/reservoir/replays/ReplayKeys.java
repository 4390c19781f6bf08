package io.watershed.reservoir.replays;

import java.util.Locale;

/**
 * Where the objects of a replay are, below {@code replays/<plan hash>/}: {@code plan.json}, {@code
 * owners/<epoch>.json}, {@code progress/<epoch>-<number>.json}, {@code
 * controls/<epoch>-<number>.json}, {@code superseded/<first epoch of the run>/…}. Numbers are
 * padded, so that the last key is the newest.
 */
public final class ReplayKeys {
  /** The folder of all plans. */
  public static final String ROOT = "replays/";

  /** No object of the ledger is larger: an entry has 100 bytes or so for each shard. */
  public static final long MAX_OBJECT_BYTES = 16 << 20;

  static final String PLAN = "plan.json";
  private static final int EPOCH_DIGITS = 12;
  static final String PROGRESS = "progress/";

  private ReplayKeys() {}

  /** The plan itself. */
  public static String plan(String hash) {
    return ROOT + hash + "/" + PLAN;
  }

  /** Where the target was when an overwriting run, whose first epoch this is, began. */
  public static String fences(String hash, long firstEpoch) {
    return ROOT + hash + "/fences/" + padded(firstEpoch) + ".json";
  }

  /** The prefix of the owners' objects. */
  public static String owners(String hash) {
    return ROOT + hash + "/owners/";
  }

  /** Who owns the run from this epoch on. */
  public static String owner(String hash, long epoch) {
    return owners(hash) + padded(epoch) + ".json";
  }

  /** The prefix of the progress entries. */
  public static String progress(String hash) {
    return ROOT + hash + "/" + PROGRESS;
  }

  /** The prefix of one owner's progress entries. */
  public static String progress(String hash, long epoch) {
    return progress(hash) + padded(epoch) + "-";
  }

  /** One progress entry. */
  public static String progress(String hash, long epoch, long number) {
    return progress(hash) + padded(epoch) + "-" + padded(number) + ".json";
  }

  /** The prefix of what an owner was asked to do. */
  public static String controls(String hash, long epoch) {
    return ROOT + hash + "/controls/" + padded(epoch) + "-";
  }

  /** One thing that an owner was asked to do. */
  public static String control(String hash, long epoch, long number) {
    return controls(hash, epoch) + padded(number) + ".json";
  }

  /** The prefix of what the run, whose first epoch this is, left out as superseded. */
  public static String superseded(String hash, long firstEpoch) {
    return ROOT + hash + "/superseded/" + padded(firstEpoch) + "/";
  }

  /**
   * One list of records that were left out.
   *
   * @param from how many were left out before them
   * @param number of the owner's entry that counts them
   */
  static String superseded(String hash, long firstEpoch, long from, long epoch, long number) {
    return superseded(hash, firstEpoch)
        + String.join("-", padded(from), padded(epoch), padded(number))
        + ".ndjson";
  }

  /** How many were left out before those of a list. */
  static long supersededFrom(String key) {
    return epoch(key); // padded alike
  }

  /** The epoch in the key of an owner or an entry. */
  public static long epoch(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    return Long.parseLong(name.substring(0, EPOCH_DIGITS));
  }

  private static String padded(long number) {
    return String.format(Locale.ROOT, "%012d", number);
  }
}
