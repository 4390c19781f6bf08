package io.watershed.archive.overview;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.record.ShardPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An overview for programs; the names are a contract. */
public final class StatusJson {
  private StatusJson() {}

  /** The whole overview: {@code lineage} has the shards, {@code gap_list} the gaps. */
  public static ObjectNode of(StreamOverview stream) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("stream", stream.stream())
            .put("rows", stream.records())
            .put("skipped", stream.skipped())
            .put("files", stream.files())
            .put("bytes", stream.bytes())
            .put("generation", stream.generation())
            .put("shards", stream.shards().size())
            .put("shards_ended", stream.ended())
            .put("gaps", stream.gaps().size())
            .put("last_commit", text(stream.lastCommit()))
            .put("records_per_second", stream.recordsPerSecond().orElse(null))
            .put("bytes_per_second", stream.bytesPerSecond().orElse(null))
            .put("lag_seconds", seconds(stream.lag()))
            .put("time_to_trim_seconds", seconds(stream.timeToTrim()))
            .put("not_asked", stream.notAsked().orElse(null));
    var shards = object.putArray("lineage");
    stream.shards().forEach(shard -> put(shards.addObject(), shard));
    var gaps = object.putArray("gap_list");
    stream.gaps().forEach(gap -> put(gaps.addObject(), gap));
    return object;
  }

  private static void put(ObjectNode object, ShardOverview shard) {
    object
        .put("incarnation", shard.checkpoint().key().incarnation())
        .put("shard", shard.checkpoint().key().shardId())
        .put("state", state(shard));
    shard.checkpoint().shard().parents().forEach(object.putArray("parents")::add);
    object
        .put("first_hash", shard.checkpoint().shard().hashRange().first().toString())
        .put("last_hash", shard.checkpoint().shard().hashRange().last().toString())
        .put("position", shard.archivedTo().map(ShardPosition::text).orElse(null))
        .put("last_arrival", text(shard.lastArrival()))
        .put("complete_through", text(shard.checkpoint().completeThrough()))
        .put("records", shard.checkpoint().rows())
        .put("skipped", shard.checkpoint().skipped());
    Optional<Waiting> read = shard.waiting().filter(waiting -> waiting.problem().isEmpty());
    object
        .put("waiting_records", read.map(Waiting::records).orElse(null))
        .put("waiting_more", read.map(Waiting::more).orElse(null))
        .put("lag_seconds", seconds(read.flatMap(Waiting::lag)))
        .put("time_to_trim_seconds", seconds(read.flatMap(Waiting::timeToTrim)))
        .put("problem", shard.waiting().flatMap(Waiting::problem).orElse(null));
  }

  private static void put(ObjectNode object, Gap gap) {
    object
        .put("incarnation", gap.shard().incarnation())
        .put("shard", gap.shard().shardId())
        .put("after", gap.afterPosition())
        .put("from", text(gap.from()))
        .put("until", text(gap.until()))
        .put("reason", gap.reason())
        .put("detected_at", gap.detectedAt().toString());
  }

  /**
   * {@code start}: nothing is archived; {@code open}: more may come; {@code ended}: all of it is.
   */
  private static String state(ShardOverview shard) {
    if (shard.ended()) {
      return "ended";
    }
    return shard.archivedTo().isEmpty() ? "start" : "open";
  }

  private static @Nullable String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  private static @Nullable Double seconds(Optional<Duration> duration) {
    return duration.map(d -> d.toMillis() / 1e3).orElse(null);
  }
}
