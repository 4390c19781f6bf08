package io.watershed.cli;

import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplay.Progress;
import io.watershed.reservoir.replays.SupersededRecord;
import io.watershed.reservoir.replays.SupersededRecords;
import io.watershed.reservoir.store.ObjectStore;
import java.util.Iterator;
import java.util.function.Function;

/** What a replay's newest run left out as superseded, in print: a line each. */
final class ReplaySuperseded {
  private final ObjectStore store;
  private final StoredReplay replay;

  ReplaySuperseded(ObjectStore store, StoredReplay replay) {
    this.store = store;
    this.replay = replay;
  }

  /** For a person: where the record is in the source, and the version that is newer. */
  Iterator<String> lines() {
    return each(
        record ->
            "%s/%s %s  newer: %s"
                .formatted(
                    record.place().incarnation(),
                    record.place().shard(),
                    record.place().position(),
                    record.newer()));
  }

  /** For a program: an object each, as in the reservoir. */
  Iterator<String> json() {
    return each(
        record ->
            Json.object()
                .put("incarnation", record.place().incarnation())
                .put("shard", record.place().shard())
                .put("position", record.place().position())
                .put("newer", record.newer())
                .toString());
  }

  private Iterator<String> each(Function<SupersededRecord, String> print) {
    Iterator<SupersededRecord> records =
        new SupersededRecords(store, replay.hash(), replay.firstEpochOfRun())
            .read(replay.progress().map(Progress::superseded).orElse(0L));
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public String next() {
        return print.apply(records.next());
      }
    };
  }
}
