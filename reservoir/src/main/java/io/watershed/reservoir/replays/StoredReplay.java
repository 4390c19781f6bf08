package io.watershed.reservoir.replays;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One replay plan and its runs, as the ledger's objects say.
 *
 * @param hash the plan's identity, 64 hexadecimal digits
 * @param plannedAt when the plan was stored, by the store's clock
 * @param stream the source's name in the reservoir
 * @param receipt id of the receipt whose cut is read
 * @param from only records that arrived at this time or later
 * @param until only records that arrived before this time
 * @param where the SQL predicate
 * @param target the target stream's name or ARN
 * @param records records that the plan selects, those too large included
 * @param oversize of them, those too large for the target
 * @param skipsSuperseded whether records are left out of which the target holds newer ones
 * @param payloadBytes sum of their payloads
 * @param owners every process that took one of the plan's runs, oldest first
 */
public record StoredReplay(
    String hash,
    Instant plannedAt,
    String stream,
    String receipt,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> where,
    String target,
    long records,
    long oversize,
    boolean skipsSuperseded,
    long payloadBytes,
    List<Owner> owners) {
  public StoredReplay {
    owners = List.copyOf(owners);
  }

  /** The newest run's number; 0 if the plan never ran. */
  public long run() {
    return owners.isEmpty() ? 0 : newestOwner().run();
  }

  /** Where the newest run's lists of superseded records are: a prefix of keys in the reservoir. */
  public String supersededPrefix() {
    return ReplayKeys.superseded(hash, firstEpochOfRun());
  }

  /** The first epoch of the newest run; 1 if there is none. */
  public long firstEpochOfRun() {
    return ownersOfRun().stream().map(Owner::epoch).findFirst().orElse(1L);
  }

  /** Of the newest run, oldest first. */
  public List<Owner> ownersOfRun() {
    return owners.stream().filter(owner -> owner.run() == run()).toList();
  }

  /** The newest run's newest entry; empty if it wrote none. */
  public Optional<Progress> progress() {
    return ownersOfRun().stream().flatMap(owner -> owner.last().stream()).reduce((a, b) -> b);
  }

  /** The state in lower case: {@code planned} if the plan never ran. */
  public String state() {
    if (owners.isEmpty()) {
      return "planned";
    }
    return newestOwner().last().map(Progress::state).orElse("RUNNING").toLowerCase(Locale.ROOT);
  }

  private Owner newestOwner() {
    return owners.get(owners.size() - 1);
  }

  /**
   * One process that had a run of the plan, or changed its state.
   *
   * @param epoch counts them, from 1
   * @param run which run of the plan, from 1
   * @param by who started the process
   * @param tool the program's version; empty if not known
   * @param action RUN, or what the state was to be changed by: PAUSE, CANCEL
   * @param targetArn the target; empty if nothing was to be sent
   * @param takenAt when, by the store's clock
   * @param last its newest entry; empty if it wrote none
   */
  public record Owner(
      long epoch,
      long run,
      Operator by,
      String tool,
      String action,
      String targetArn,
      Instant takenAt,
      Optional<Progress> last) {}

  /**
   * The newest entry of one owner.
   *
   * @param state RUNNING, STOPPED, FAILED, PAUSED, CANCELLED or FINISHED; a process that died
   *     leaves RUNNING behind
   * @param updatedAt when it was written, by the store's clock
   * @param epoch counts the processes that had the run
   * @param acknowledged records of the run that the target acknowledged, those of its earlier
   *     owners included
   * @param skipped records left out because they are too large
   * @param superseded records left out because the target held newer ones
   * @param possibleDuplicates records sent again after a request without an answer
   * @param orderViolations first appearances out of the archive's order
   * @param requestedBy who asked for the state, if somebody did
   * @param first the first record that this owner took
   * @param through every record that was sent before this one is done, and so is it
   * @param target where this owner's records are, per target shard
   */
  public record Progress(
      String state,
      Instant updatedAt,
      long epoch,
      long acknowledged,
      long skipped,
      long superseded,
      long possibleDuplicates,
      long orderViolations,
      Optional<Operator> requestedBy,
      Optional<Place> first,
      Optional<Place> through,
      List<TargetRange> target) {
    public Progress {
      target = List.copyOf(target);
    }
  }

  /** A record of the source. */
  public record Place(String incarnation, String shard, String position) {}

  /** Acknowledged positions of one target shard, both inclusive. */
  public record TargetRange(String shard, String first, String last) {}
}
