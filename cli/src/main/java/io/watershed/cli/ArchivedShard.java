package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.DurationText;
import io.watershed.core.stream.Lineage;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** One shard of an archive as {@code status} shows it: its place in the lineage, and how far. */
record ArchivedShard(ShardCheckpoint checkpoint) {
  /** Every shard that was ever seen, parents before children. */
  static List<ArchivedShard> of(TableState state) {
    List<Shard> shards = state.checkpoints().values().stream().map(ShardCheckpoint::shard).toList();
    return Lineage.of(shards).shards().stream()
        .flatMap(shard -> Optional.ofNullable(state.checkpoints().get(shard.key())).stream())
        .map(ArchivedShard::new)
        .toList();
  }

  /**
   * {@code start}: nothing is archived; {@code open}: more may come; {@code ended}: all of it is.
   */
  String state() {
    After after = checkpoint.after();
    if (after.isEnd()) {
      return "ended";
    }
    return after instanceof After.Start ? "start" : "open";
  }

  String line(Instant now) {
    List<String> parents = checkpoint.shard().parents();
    return "  %s: %s, %,d records%s%s"
        .formatted(
            checkpoint.key().shardId(),
            state(),
            checkpoint.rows(),
            checkpoint.after().isEnd()
                ? ""
                : checkpoint
                    .completeThrough()
                    .map(through -> ", complete until " + age(through, now) + " ago")
                    .orElse(""),
            parents.isEmpty() ? "" : ", from " + String.join(" and ", parents));
  }

  private static String age(Instant then, Instant now) {
    Duration age = Duration.between(then, now).truncatedTo(ChronoUnit.SECONDS);
    return DurationText.format(age.isNegative() ? Duration.ZERO : age);
  }

  ObjectNode json() {
    ObjectNode shard =
        Json.object()
            .put("shard", checkpoint.key().shardId())
            .put("incarnation", checkpoint.key().incarnation())
            .put("state", state());
    var parents = shard.putArray("parents");
    checkpoint.shard().parents().forEach(parents::add);
    return shard
        .put("first_hash", checkpoint.shard().hashRange().first().toString())
        .put("last_hash", checkpoint.shard().hashRange().last().toString())
        .put("position", checkpoint.after().lastPosition().map(p -> p.text()).orElse(null))
        .put("records", checkpoint.rows())
        .put("skipped", checkpoint.skipped())
        .put("complete_through", checkpoint.completeThrough().map(Instant::toString).orElse(null));
  }
}
