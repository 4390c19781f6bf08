package io.watershed.simulator;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.record.ShardKey;
import io.watershed.simulator.ArchiverFleet.Archiver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Makes things go wrong: crashes and sleeps, a second archiver, reshards, trims, outages, a stream
 * that is deleted and created again. And starts what died again, as an operator's systemd would.
 */
final class Nemesis {
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(3);
  private static final int MOST_SHARDS = 24;

  private final World world;
  private final FaultPlan faults;
  private final SimulatedKinesis kinesis;
  private final ArchiverFleet fleet;
  private final Random random;
  private final Predicate<ShardKey> isBegun;
  private boolean stopped;
  private boolean starting;
  private boolean mayHaveTrimmed;

  /**
   * @param isBegun whether anything of a shard is archived
   */
  Nemesis(World world, SimulatedKinesis kinesis, ArchiverFleet fleet, Predicate<ShardKey> isBegun) {
    this.isBegun = isBegun;
    this.world = world;
    this.faults = world.faults();
    this.kinesis = kinesis;
    this.fleet = fleet;
    this.random = world.random();
  }

  void start() {
    fleet.start(ArchiveMode.CONTINUOUS, this::ended);
    every(faults.crashEvery(), this::crash);
    every(faults.sleepEvery(), this::sleep);
    every(faults.reshardEvery(), this::reshard);
    every(faults.recreateEvery(), this::recreate);
    every(faults.outageEvery(), this::outage);
    every(Duration.ofSeconds(20), this::watch);
    if (faults.twoArchivers()) {
      every(Duration.ofMinutes(5), () -> fleet.start(ArchiveMode.CONTINUOUS, this::ended));
    }
  }

  void stop() {
    stopped = true;
  }

  /** Whether records may have been lost before their time, or with their stream. */
  boolean mayHaveTrimmed() {
    return mayHaveTrimmed;
  }

  private void every(Duration mean, Runnable action) {
    if (mean.isZero()) {
      return;
    }
    world.later(
        World.upTo(random, mean.multipliedBy(2)),
        () -> {
          if (!stopped) {
            action.run();
            every(mean, action);
          }
        });
  }

  private void ended(Archiver archiver, StreamOutcome outcome) {
    // Started again by watch().
  }

  /** Sees that some archiver is up, after a while. */
  private void watch() {
    boolean up = fleet.alive().stream().anyMatch(archiver -> !archiver.process().isAsleep());
    if (up || starting) {
      return;
    }
    if (faults.earlyTrims() && fleet.alive().isEmpty() && random.nextBoolean()) {
      trimEarly();
    }
    starting = true;
    world.later(
        World.upTo(random, faults.longestDowntime()),
        () -> {
          starting = false;
          if (!stopped) {
            fleet.start(ArchiveMode.CONTINUOUS, this::ended);
          }
        });
  }

  private void crash() {
    pick().ifPresent(archiver -> archiver.process().crash());
  }

  private void sleep() {
    pick()
        .ifPresent(
            archiver -> archiver.process().sleepFor(World.upTo(random, faults.longestDowntime())));
  }

  private Optional<Archiver> pick() {
    List<Archiver> alive = fleet.alive();
    return alive.isEmpty()
        ? Optional.empty()
        : Optional.of(alive.get(random.nextInt(alive.size())));
  }

  private void outage() {
    pick()
        .ifPresent(
            archiver -> {
              double probability = 0.3 + 0.7 * random.nextDouble();
              boolean store = random.nextBoolean();
              world.say(archiver.process().name(), store ? "loses the store" : "loses the stream");
              archiver.process().outage(store ? probability : 0, store ? 0 : probability);
              world.later(
                  World.upTo(random, LONGEST_OUTAGE), () -> archiver.process().outage(0, 0));
            });
  }

  private void reshard() {
    SimulatedStream stream = kinesis.newest();
    if (stream.isDeleted()) {
      return;
    }
    List<SimulatedShard> open = stream.openShards();
    switch (random.nextInt(5)) {
      case 0 -> {
        if (stream.shards().size() < MOST_SHARDS) {
          open.forEach(stream::split);
          world.say("stream", "doubles to " + stream.openShards().size() + " shards");
        }
      }
      case 1 -> {
        for (int i = 0; i + 1 < open.size(); i += 2) {
          stream.merge(open.get(i), open.get(i + 1));
        }
        world.say("stream", "halves to " + stream.openShards().size() + " shards");
      }
      case 2 -> mergeOne(stream, open);
      default -> splitOne(stream, open);
    }
  }

  private void splitOne(SimulatedStream stream, List<SimulatedShard> open) {
    if (stream.shards().size() < MOST_SHARDS) {
      SimulatedShard parent = open.get(random.nextInt(open.size()));
      if (stream.split(parent)) {
        world.say("stream", "splits " + parent.id());
      }
    }
  }

  private void mergeOne(SimulatedStream stream, List<SimulatedShard> open) {
    if (open.size() > 1) {
      int lower = random.nextInt(open.size() - 1);
      stream.merge(open.get(lower), open.get(lower + 1));
      world.say("stream", "merges " + open.get(lower).id() + " and " + open.get(lower + 1).id());
    }
  }

  private void recreate() {
    SimulatedStream stream = kinesis.newest();
    if (stream.isDeleted()) {
      return;
    }
    mayHaveTrimmed = true;
    stream.delete();
    world.say("stream", "is deleted");
    world.later(
        random.nextBoolean() ? Duration.ofMillis(1) : World.upTo(random, Duration.ofMinutes(1)),
        () -> {
          kinesis.create(1 + random.nextInt(3));
          world.say("stream", "is created again");
        });
  }

  private void trimEarly() {
    SimulatedStream stream = kinesis.newest();
    Duration shorter = World.upTo(random, stream.retention());
    mayHaveTrimmed = true;
    stream.trimEarly(shorter, isBegun);
    kinesis.expireIterators();
    world.say("stream", "is trimmed to the last " + shorter.toSeconds() + " s");
  }
}
