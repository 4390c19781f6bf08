package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.replays.ReplayKeys;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * The record of all runs, in the reservoir ({@link ReplayKeys}). Every object is created once:
 *
 * <ul>
 *   <li>the plan
 *   <li>for each epoch, who owns the run from then on; of several that want an epoch exactly one
 *       gets it
 *   <li>progress: {@link LedgerEntry}; only the last ones are kept
 * </ul>
 *
 * Any entry that says "done through here" stays true for ever, so it does not matter who wrote it:
 * a run that goes on from an old one only sends some records again.
 */
final class Ledger {
  private static final int MIN_ID_CHARS = 6;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + MIN_ID_CHARS + ",64}");

  private final ObjectStore store;

  Ledger(ObjectStore store) {
    this.store = store;
  }

  /** Keeps the plan, so that its id is enough to run it. */
  void keep(ReplayPlan plan) {
    String key = ReplayKeys.plan(plan.hash());
    CreateOutcome outcome = store.createIfAbsent(key, plan.json().getBytes(StandardCharsets.UTF_8));
    if (outcome != CreateOutcome.CREATED) {
      throw uncertain(key);
    }
  }

  /** Keeps the fences of the run's beginning; those that another process kept before stay. */
  void keep(ReplayPlan plan, Fences fences) {
    String key = ReplayKeys.fences(plan.hash());
    if (store.createIfAbsent(key, fences.json()) == CreateOutcome.UNKNOWN) {
      throw uncertain(key);
    }
  }

  /** The fences of the run; empty if it has not begun, or does not overwrite. */
  Optional<Fences> fences(ReplayPlan plan) {
    String key = ReplayKeys.fences(plan.hash());
    return store.get(key, ReplayKeys.MAX_OBJECT_BYTES).map(json -> Fences.parse(key, json));
  }

  /** The plan whose hash begins so. */
  ReplayPlan load(String id) {
    List<String> hashes =
        HEX.matcher(id).matches()
            ? store.listFolders(ReplayKeys.ROOT).stream()
                .filter(hash -> hash.startsWith(id))
                .toList()
            : List.of();
    if (hashes.size() != 1) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          hashes.isEmpty()
              ? "There is no replay plan '" + abbreviate(id) + "' in " + store.root()
              : "Several replay plans begin with '" + id + "'",
          "Use the id that was shown with the plan, at least " + MIN_ID_CHARS + " digits of it.");
    }
    String key = ReplayKeys.plan(hashes.get(0));
    byte[] json = store.get(key, ReplayKeys.MAX_OBJECT_BYTES).orElseThrow(() -> notFound(key));
    return ReplayPlan.parse(new String(json, StandardCharsets.UTF_8));
  }

  /** The newest entry of the plan's runs with its time; empty if it never ran. */
  Optional<Newest> newest(ReplayPlan plan) {
    return last(ReplayKeys.progress(plan.hash()))
        .flatMap(
            info ->
                store
                    .get(info.key(), ReplayKeys.MAX_OBJECT_BYTES)
                    .map(
                        json ->
                            new Newest(LedgerEntry.parse(info.key(), json), info.lastModified())));
  }

  /** An entry and its time by the store's clock. */
  record Newest(LedgerEntry entry, Instant writtenAt) {}

  /** The last epoch that somebody took; 0 if nobody did. */
  long lastEpoch(ReplayPlan plan) {
    return last(ReplayKeys.owners(plan.hash())).map(Ledger::number).orElse(0L);
  }

  /**
   * Takes an epoch.
   *
   * @param owner text that no other process has
   * @return whether it is ours now
   */
  boolean claim(ReplayPlan plan, long epoch, String owner) {
    String key = ReplayKeys.owner(plan.hash(), epoch);
    byte[] content = ("{\"owner\":\"" + owner + "\"}").getBytes(StandardCharsets.UTF_8);
    CreateOutcome outcome = store.createIfAbsent(key, content);
    if (outcome == CreateOutcome.UNKNOWN) {
      throw uncertain(key);
    }
    return outcome == CreateOutcome.CREATED;
  }

  /** Writes an entry, then forgets the owner's entry before the last. */
  void write(ReplayPlan plan, LedgerEntry entry) {
    String key = ReplayKeys.progress(plan.hash(), entry.epoch(), entry.number());
    if (store.createIfAbsent(key, entry.json()) != CreateOutcome.CREATED) {
      throw uncertain(key);
    }
    if (entry.number() > 2) {
      store.delete(ReplayKeys.progress(plan.hash(), entry.epoch(), entry.number() - 2));
    }
  }

  private Optional<ObjectInfo> last(String prefix) {
    return StreamSupport.stream(store.list(prefix).spliterator(), false).reduce((a, b) -> b);
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
