package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The record of all runs, in the reservoir. Every object is created once:
 *
 * <ul>
 *   <li>{@code replays/<plan hash>/plan.json}: the plan
 *   <li>{@code replays/<plan hash>/owners/<epoch>.json}: who owns the run from then on; of several
 *       that want an epoch exactly one gets it
 *   <li>{@code replays/<plan hash>/progress/<epoch>-<number>.json}: {@link LedgerEntry}; only the
 *       last ones are kept
 * </ul>
 *
 * Any entry that says "done through here" stays true for ever, so it does not matter who wrote it:
 * a run that goes on from an old one only sends some records again.
 */
final class Ledger {
  private static final String ROOT = "replays/";
  private static final long MAX_OBJECT_BYTES = 1 << 20;
  private static final int MIN_ID_CHARS = 6;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + MIN_ID_CHARS + ",64}");

  private final ObjectStore store;

  Ledger(ObjectStore store) {
    this.store = store;
  }

  /** Keeps the plan, so that its id is enough to run it. */
  void keep(ReplayPlan plan) {
    String key = folder(plan) + "plan.json";
    CreateOutcome outcome = store.createIfAbsent(key, plan.json().getBytes(StandardCharsets.UTF_8));
    if (outcome != CreateOutcome.CREATED) {
      throw uncertain(key);
    }
  }

  /** The plan whose hash begins so. */
  ReplayPlan load(String id) {
    List<String> hashes =
        HEX.matcher(id).matches()
            ? store.listFolders(ROOT).stream().filter(hash -> hash.startsWith(id)).toList()
            : List.of();
    if (hashes.size() != 1) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          hashes.isEmpty()
              ? "There is no replay plan '" + abbreviate(id) + "' in " + store.root()
              : "Several replay plans begin with '" + id + "'",
          "Use the id that was shown with the plan, at least " + MIN_ID_CHARS + " digits of it.");
    }
    String key = ROOT + hashes.get(0) + "/plan.json";
    byte[] json = store.get(key, MAX_OBJECT_BYTES).orElseThrow(() -> notFound(key));
    return ReplayPlan.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** The newest entry of the plan's runs with its time; empty if it never ran. */
  Optional<Newest> newest(ReplayPlan plan) {
    return last(folder(plan) + "progress/")
        .flatMap(
            info ->
                store
                    .get(info.key(), MAX_OBJECT_BYTES)
                    .map(
                        json ->
                            new Newest(LedgerEntry.parse(info.key(), json), info.lastModified())));
  }

  /** An entry and its time by the store's clock. */
  record Newest(LedgerEntry entry, Instant writtenAt) {}

  /** The last epoch that somebody took; 0 if nobody did. */
  long lastEpoch(ReplayPlan plan) {
    return last(folder(plan) + "owners/").map(Ledger::number).orElse(0L);
  }

  /**
   * Takes an epoch.
   *
   * @param owner text that no other process has
   * @return whether it is ours now
   */
  boolean claim(ReplayPlan plan, long epoch, String owner) {
    String key = folder(plan) + "owners/" + padded(epoch) + ".json";
    byte[] content = ("{\"owner\":\"" + owner + "\"}").getBytes(StandardCharsets.UTF_8);
    CreateOutcome outcome = store.createIfAbsent(key, content);
    if (outcome == CreateOutcome.UNKNOWN) {
      throw uncertain(key);
    }
    return outcome == CreateOutcome.CREATED;
  }

  /** Writes an entry, then forgets the owner's entry before the last. */
  void write(ReplayPlan plan, LedgerEntry entry) {
    String key = entryKey(plan, entry.epoch(), entry.number());
    if (store.createIfAbsent(key, entry.json()) != CreateOutcome.CREATED) {
      throw uncertain(key);
    }
    if (entry.number() > 2) {
      store.delete(entryKey(plan, entry.epoch(), entry.number() - 2));
    }
  }

  private Optional<ObjectInfo> last(String prefix) {
    return StreamSupport.stream(store.list(prefix).spliterator(), false).reduce((a, b) -> b);
  }

  private static String entryKey(ReplayPlan plan, long epoch, long number) {
    return folder(plan) + "progress/" + padded(epoch) + "-" + padded(number) + ".json";
  }

  private static String folder(ReplayPlan plan) {
    return ROOT + plan.hash() + "/";
  }

  private static String padded(long number) {
    return String.format(Locale.ROOT, "%012d", number);
  }

  private static long number(ObjectInfo info) {
    String name = info.key().substring(info.key().lastIndexOf('/') + 1);
    return Long.parseLong(name.substring(0, name.length() - ".json".length()));
  }

  private static String abbreviate(String id) {
    return id.length() <= 64 ? id : id.substring(0, 64) + "…";
  }

  private static WatershedException notFound(String key) {
    return new WatershedException(
        ErrorCode.NOT_FOUND, "The object " + key + " is gone", "Make the plan again.");
  }

  private static WatershedException uncertain(String key) {
    return new WatershedException(
        ErrorCode.STORE,
        "The ledger object " + key + " could not be written for certain",
        "Check the reservoir, then run the plan again: it goes on where the ledger says.");
  }
}
