package io.watershed.query.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A place as one word: {@code t1_} and the base64url (RFC 4648) of a deflated JSON object. Per
 * shard {@code [incarnation, shard, kind, after, delivered, begin, complete through, last
 * arrival]}, times in milliseconds, -1 for none; kind 0 is START, 1 a position, 2 END. {@code only}
 * names the shards that are wanted, if not all are.
 */
final class FollowPlaceText {
  static final String PREFIX = "t1_";

  /** Some ten thousand shards. */
  private static final int MAX_BYTES = 16 << 20;

  private static final int START = 0;
  private static final int AT = 1;
  private static final int END = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private FollowPlaceText() {}

  static String write(FollowPlace place) {
    ObjectNode json = JSON.createObjectNode();
    json.put("stream", place.stream());
    json.put("incarnation", place.incarnation());
    json.put("archive", place.inArchive());
    json.put("since", place.since().map(Instant::toString).orElse(""));
    if (!place.only().isEmpty()) {
      new TreeSet<>(place.only()).forEach(json.putArray("only")::add);
    }
    ArrayNode shards = json.putArray("shards");
    place.shards().forEach((key, shard) -> write(shards.addArray(), key, shard));
    try {
      return PREFIX
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(deflate(JSON.writeValueAsBytes(json)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(ArrayNode json, ShardKey key, ShardPlace place) {
    json.add(key.incarnation());
    json.add(key.shardId());
    json.add(place.isEnd() ? END : place.after() instanceof After.At ? AT : START);
    json.add(text(place.after().lastPosition()));
    json.add(text(place.delivered()));
    json.add(millis(place.begin()));
    json.add(millis(place.completeThrough()));
    json.add(millis(place.lastArrival()));
  }

  private static String text(Optional<ShardPosition> position) {
    return position.map(ShardPosition::text).orElse("");
  }

  private static long millis(Optional<Instant> time) {
    return time.map(Instant::toEpochMilli).orElse(-1L);
  }

  private static byte[] deflate(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater)) {
      deflated.write(bytes);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  static FollowPlace parse(String text) {
    try {
      byte[] deflated = Base64.getUrlDecoder().decode(text.strip().substring(PREFIX.length()));
      try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
        JsonNode json = JSON.readTree(in.readNBytes(MAX_BYTES));
        Map<ShardKey, ShardPlace> shards = new TreeMap<>();
        for (JsonNode shard : json.required("shards")) {
          shards.put(
              new ShardKey(shard.required(0).asText(), shard.required(1).asText()), place(shard));
        }
        Set<String> only = new TreeSet<>();
        json.path("only").forEach(id -> only.add(id.asText()));
        String since = json.required("since").asText();
        return new FollowPlace(
            json.required("stream").asText(),
            json.required("incarnation").asText(),
            json.required("archive").asBoolean(),
            since.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(since)),
            only,
            shards);
      }
    } catch (IOException | RuntimeException e) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "That is not a place in a stream, or not all of it",
          "Copy the whole word that 'watershed tail' printed when it ended: it begins with "
              + PREFIX
              + ".",
          e);
    }
  }

  private static ShardPlace place(JsonNode shard) {
    Optional<ShardPosition> last = position(shard.required(3).asText());
    After after =
        switch (shard.required(2).asInt()) {
          case START -> new After.Start();
          case AT -> new After.At(last.orElseThrow());
          case END -> new After.End(last);
          default -> throw new IllegalArgumentException("kind");
        };
    return new ShardPlace(
        after,
        position(shard.required(4).asText()),
        time(shard.required(5).asLong()),
        time(shard.required(6).asLong()),
        time(shard.required(7).asLong()));
  }

  private static Optional<ShardPosition> position(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(ShardPosition.parse(text));
  }

  private static Optional<Instant> time(long millis) {
    return millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
