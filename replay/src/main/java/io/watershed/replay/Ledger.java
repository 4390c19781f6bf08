package io.watershed.replay;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.replays.ReplayKeys;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.SupersededRecord;
import io.watershed.reservoir.replays.SupersededRecords;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
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
 *   <li>progress: {@link LedgerEntry}; only the last ones of each epoch are kept
 *   <li>lists of records that were left out as superseded: {@link SupersededRecords}
 *   <li>controls: what anybody asked an epoch's owner to do, numbered from 1
 * </ul>
 *
 * Any entry that says "done through here" stays true for ever, so it does not matter who wrote it:
 * a run that goes on from an old one only sends some records again.
 */
final class Ledger {
  private static final int MIN_ID_CHARS = 6;
  private static final int MAX_LOOKS = 5;
  private static final int MAX_CONTROLS = 1_000;
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
  void keep(ReplayPlan plan, long firstEpoch, Fences fences) {
    String key = ReplayKeys.fences(plan.hash(), firstEpoch);
    if (store.createIfAbsent(key, fences.json()) == CreateOutcome.UNKNOWN) {
      throw uncertain(key);
    }
  }

  /** The fences of the run; empty if it has not begun, or does not overwrite. */
  Optional<Fences> fences(ReplayPlan plan, long firstEpoch) {
    String key = ReplayKeys.fences(plan.hash(), firstEpoch);
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
    return ReplayPlan.parse(new String(require(key), StandardCharsets.UTF_8));
  }

  /** The newest entry of the plan's runs with its time; empty if it never ran. */
  Optional<Newest> newest(ReplayPlan plan) {
    Optional<ObjectInfo> info = last(ReplayKeys.progress(plan.hash()));
    for (int i = 0; i < MAX_LOOKS && info.isPresent(); i++) {
      String key = info.get().key();
      Optional<byte[]> json = store.get(key, ReplayKeys.MAX_OBJECT_BYTES);
      if (json.isPresent()) {
        return Optional.of(
            new Newest(LedgerEntry.parse(key, json.get()), info.get().lastModified()));
      }
      info = last(ReplayKeys.progress(plan.hash())); // it was forgotten: there are newer ones
    }
    if (info.isPresent()) {
      throw notFound(info.get().key());
    }
    return Optional.empty();
  }

  /** An entry and its time by the store's clock. */
  record Newest(LedgerEntry entry, Instant writtenAt) {}

  /** How the plan's runs stand. */
  Standing standing(ReplayPlan plan) {
    Optional<ObjectInfo> owner = last(ReplayKeys.owners(plan.hash()));
    Optional<Newest> newest = newest(plan); // after the owners: never of an epoch we do not know
    if (newest.isPresent() && newest.get().entry().epoch() > owner.map(Ledger::epoch).orElse(0L)) {
      owner = last(ReplayKeys.owners(plan.hash()));
    }
    return new Standing(
        owner.map(Ledger::epoch).orElse(0L),
        owner.map(info -> OwnerNote.parse(info.key(), require(info.key()))),
        owner.map(ObjectInfo::lastModified),
        newest);
  }

  /** The last epoch that somebody took; 0 if nobody did. */
  long lastEpoch(ReplayPlan plan) {
    return last(ReplayKeys.owners(plan.hash())).map(Ledger::epoch).orElse(0L);
  }

  /**
   * Takes an epoch.
   *
   * @param note holds text that no other process has
   * @return whether it is ours now
   */
  boolean claim(ReplayPlan plan, long epoch, OwnerNote note) {
    String key = ReplayKeys.owner(plan.hash(), epoch);
    CreateOutcome outcome = store.createIfAbsent(key, note.json());
    if (outcome == CreateOutcome.UNKNOWN) {
      throw uncertain(key);
    }
    return outcome == CreateOutcome.CREATED;
  }

  /** Asks an epoch's owner; the same is not asked twice. */
  void ask(ReplayPlan plan, long epoch, Control control) {
    List<Control> before = controls(plan, epoch);
    if (before.contains(control)) {
      return;
    }
    for (long number = before.size() + 1L; number <= MAX_CONTROLS; number++) {
      String key = ReplayKeys.control(plan.hash(), epoch, number);
      CreateOutcome outcome = store.createIfAbsent(key, control.json());
      if (outcome == CreateOutcome.UNKNOWN) {
        throw uncertain(key);
      }
      if (outcome == CreateOutcome.CREATED) {
        return;
      }
    }
    throw new WatershedException(
        ErrorCode.LIMIT,
        "Replay " + plan.id() + " was asked " + MAX_CONTROLS + " times already",
        "Stop the process that runs it.");
  }

  /** What an epoch's owner was asked under a number; empty if nothing. */
  Optional<Control> control(ReplayPlan plan, long epoch, long number) {
    String key = ReplayKeys.control(plan.hash(), epoch, number);
    return store.get(key, ReplayKeys.MAX_OBJECT_BYTES).map(json -> Control.parse(key, json));
  }

  /** Everything that an epoch's owner was asked, in order. */
  List<Control> controls(ReplayPlan plan, long epoch) {
    List<Control> controls = new ArrayList<>();
    Optional<Control> next = control(plan, epoch, 1);
    while (next.isPresent()) {
      controls.add(next.get());
      next = control(plan, epoch, controls.size() + 1L);
    }
    return controls;
  }

  /**
   * Lists the records that were left out as superseded since the last entry, before the entry that
   * counts them.
   *
   * @param number of that entry
   */
  void list(ReplayPlan plan, long firstEpoch, long epoch, long number, Acknowledgements.Done done) {
    List<SupersededRecord> records =
        done.toList().stream()
            .map(
                left ->
                    new SupersededRecord(
                        new StoredReplay.Place(
                            left.place().shard().incarnation(),
                            left.place().shard().shardId(),
                            left.place().position().text()),
                        left.newer().text()))
            .toList();
    new SupersededRecords(store, plan.hash(), firstEpoch)
        .write(epoch, number, done.superseded() - records.size(), records);
  }

  /** What a run left out as superseded, as far as the entry counts. */
  Iterator<SupersededRecord> superseded(ReplayPlan plan, Standing standing) {
    return new SupersededRecords(store, plan.hash(), standing.firstEpoch())
        .read(standing.entry().superseded());
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

  private static long epoch(ObjectInfo info) {
    try {
      return ReplayKeys.epoch(info.key());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "The ledger object " + info.key() + " has a name that no ledger gives",
          "Move it away: the ledger does not need it.",
          e);
    }
  }

  private byte[] require(String key) {
    return store.get(key, ReplayKeys.MAX_OBJECT_BYTES).orElseThrow(() -> notFound(key));
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
