package io.watershed.reservoir.replays;

import java.util.Locale;

/**
 * Where the objects of a replay are, below {@code replays/<plan hash>/}: {@code plan.json}, {@code
 * owners/<epoch>.json}, {@code progress/<epoch>-<number>.json}. Numbers are padded, so that the
 * last key is the newest.
 */
public final class ReplayKeys {
  /** The folder of all plans. */
  public static final String ROOT = "replays/";

  /** No object of the ledger is larger. */
  public static final long MAX_OBJECT_BYTES = 1 << 20;

  static final String PLAN = "plan.json";
  static final String PROGRESS = "progress/";

  private ReplayKeys() {}

  /** The plan itself. */
  public static String plan(String hash) {
    return ROOT + hash + "/" + PLAN;
  }

  /** Where the target was when an overwriting run began. */
  public static String fences(String hash) {
    return ROOT + hash + "/fences.json";
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

  /** One progress entry. */
  public static String progress(String hash, long epoch, long number) {
    return progress(hash) + padded(epoch) + "-" + padded(number) + ".json";
  }

  private static String padded(long number) {
    return String.format(Locale.ROOT, "%012d", number);
  }
}
