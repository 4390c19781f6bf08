package io.watershed.simulator;

import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.cut.StreamCut;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileFilter;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A reader: takes cuts at what is archived, and asks old ones again. The same cut must give the
 * same rows, whatever was committed since (PROTOCOL 5.2), and what it loads never goes back.
 */
final class CutReader {
  private static final Duration PAUSE = Duration.ofMinutes(3);
  private static final int MOST_CUTS = 6;

  private final World world;
  private final SimulatedProcess process;
  private final ArchiveTable table;
  private final ArchivedRows rows;
  private final List<String> findings;
  private final Random random;
  private final List<Receipt> receipts = new ArrayList<>();
  private long newestGeneration;
  private boolean stopped;

  private record Answer(long count, RecordDigest digest) {}

  private record Receipt(StreamCut cut, Answer answer) {}

  CutReader(
      SimulatedProcess process, ArchiveTable table, ArchivedRows rows, List<String> findings) {
    this.world = process.world();
    this.process = process;
    this.table = table;
    this.rows = rows;
    this.findings = findings;
    this.random = world.random();
  }

  void start() {
    process.schedule(World.upTo(random, PAUSE), () -> process.blocking().execute(this::work));
  }

  void stop() {
    stopped = true;
  }

  private void work() {
    try {
      if (table.exists()) {
        look();
      }
    } catch (WatershedException e) {
      boolean outage = e.code() == ErrorCode.STORE || e.code() == ErrorCode.NOT_FOUND;
      if (!outage) {
        find("a reader failed: " + e.getMessage());
      }
    }
    if (!stopped) {
      start();
    }
  }

  /** Repeats an old cut, and takes a new one. */
  void look() {
    TableState state = table.load();
    if (state.generation() < newestGeneration) {
      find("a reader saw generation " + newestGeneration + ", and later " + state.generation());
    }
    newestGeneration = Math.max(newestGeneration, state.generation());
    if (!receipts.isEmpty()) {
      repeat(receipts.get(random.nextInt(receipts.size())), table, state);
    }
    StreamCut cut = cut(state);
    Receipt taken = new Receipt(cut, answer(cut, table, state));
    if (receipts.size() < MOST_CUTS) {
      receipts.add(taken);
    } else {
      receipts.set(random.nextInt(MOST_CUTS), taken);
    }
    world.say(process.name(), "takes a cut of " + taken.answer().count() + " rows");
  }

  /** Repeats every cut that is left, on the newest state, over this way to the table. */
  void repeatAll(ArchiveTable reliable) {
    TableState state = reliable.load();
    receipts.forEach(receipt -> repeat(receipt, reliable, state));
  }

  private void repeat(Receipt receipt, ArchiveTable from, TableState state) {
    Answer now = answer(receipt.cut(), from, state);
    if (!now.equals(receipt.answer())) {
      find(
          "a cut gave "
              + receipt.answer().count()
              + " rows, and later, at generation "
              + state.generation()
              + ", "
              + now.count()
              + " (or others)");
    }
  }

  private static StreamCut cut(TableState state) {
    SortedMap<ShardKey, ShardThrough> shards = new TreeMap<>();
    for (ShardCheckpoint checkpoint : state.checkpoints().values()) {
      shards.put(
          checkpoint.key(),
          new ShardThrough(
              checkpoint.key(), checkpoint.after().isEnd(), checkpoint.after().lastPosition()));
    }
    return new StreamCut(state.stream(), state.tableUuid(), state.snapshotId(), shards);
  }

  private Answer answer(StreamCut cut, ArchiveTable from, TableState state) {
    long count = 0;
    RecordDigest digest = RecordDigest.ZERO;
    for (DataFileInfo file : from.files(state, filter(cut))) {
      Optional<List<StreamRecord>> found = rows.of(file.key());
      if (found.isEmpty()) {
        find("the data file of a snapshot is gone");
        continue;
      }
      for (StreamRecord record : found.get()) {
        ShardThrough through = cut.shards().get(record.shard());
        if (through != null && through.includes(record.position())) {
          count++;
          digest = digest.plus(RecordDigest.of(record));
        }
      }
    }
    return new Answer(count, digest);
  }

  /** Only files that can hold rows of the cut, as a statement would plan it. */
  private static FileFilter filter(StreamCut cut) {
    Optional<SequenceNumber> last =
        cut.shards().values().stream()
            .flatMap(through -> through.position().stream())
            .map(ShardPosition::sequenceNumber)
            .max(Comparator.naturalOrder());
    return FileFilter.ALL
        .withShards(new TreeSet<>(cut.shards().keySet()))
        .withSequences(Optional.empty(), last);
  }

  private void find(String what) {
    world.say(process.name(), what);
    findings.add(what);
  }
}
