package io.watershed.cut;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.cut.ShardThrough;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.cut.schema.LogicalSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Receipts as JSON, version {@value #VERSION}. The text is written in one way only, so that its
 * hash names it; members that a later version may add are ignored when it is read.
 */
final class ReceiptJson {
  static final int VERSION = 1;
  private static final String START = "START";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReceiptJson() {}

  /** A new receipt over these streams. */
  static Receipt write(
      Instant statementTime,
      Optional<Instant> asOfTime,
      String engine,
      List<PinnedStream> streams) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", VERSION);
    root.put("statement_time", statementTime.toString());
    asOfTime.ifPresent(time -> root.put("as_of_time", time.toString()));
    root.put("engine", engine);
    root.put("time_zone", "UTC");
    ArrayNode array = root.putArray("streams");
    List<PinnedStream> ordered =
        streams.stream().sorted((a, b) -> a.stream().compareTo(b.stream())).toList();
    ordered.forEach(stream -> write(array.addObject(), stream));
    try {
      String body = MAPPER.writeValueAsString(root);
      return new Receipt(hash(body).substring(0, Receipt.ID_CHARS), body, statementTime, ordered);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of nodes always prints", e);
    }
  }

  /** SHA-256 of the text, in lower-case hexadecimal. */
  static String hash(String body) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void write(ObjectNode node, PinnedStream stream) {
    node.put("stream", stream.stream());
    node.put("table_uuid", stream.tableUuid().toString());
    if (stream.snapshotHint().isPresent()) {
      node.put("snapshot_hint", stream.snapshotHint().getAsLong());
    }
    ArrayNode shards = node.putArray("shards");
    stream.shards().values().forEach(shard -> write(shards.addObject(), shard));
    writeColumns(node.putArray("columns"), stream.schema().columns());
    ArrayNode gaps = node.putArray("gaps");
    stream.gaps().forEach(gap -> write(gaps.addObject(), gap));
  }

  private static void write(ObjectNode node, PinnedShard shard) {
    node.put("incarnation", shard.through().shard().incarnation());
    node.put("shard", shard.through().shard().shardId());
    shard.through().position().ifPresent(position -> node.put("through", position.text()));
    if (shard.through().whole()) {
      node.put("whole", true);
    }
    if (!shard.parents().isEmpty()) {
      ArrayNode parents = node.putArray("parents");
      shard.parents().forEach(parents::add);
    }
    node.put("archived", afterText(shard.archived()));
    shard
        .sums()
        .ifPresent(
            sums -> {
              node.put("rows", sums.rows());
              node.put("digest", sums.digest().hex());
            });
    shard.readTo().ifPresent(readTo -> node.put("read_to", readToText(readTo)));
    if (shard.dropped() > 0) {
      node.put("dropped", shard.dropped());
    }
  }

  private static String readToText(ReadTo readTo) {
    return readTo.last().map(SequenceNumber::decimal).orElse(START);
  }

  private static ReadTo readReadTo(String text) {
    return new ReadTo(
        text.equals(START) ? Optional.empty() : Optional.of(SequenceNumber.parse(text)));
  }

  private static String afterText(After after) {
    if (after instanceof After.End) {
      return "END";
    }
    return after.lastPosition().map(ShardPosition::text).orElse(START);
  }

  private static void writeColumns(ArrayNode array, List<LogicalColumn> columns) {
    for (LogicalColumn column : columns) {
      ObjectNode node = array.addObject();
      node.put("name", column.name());
      if (!column.key().equals(column.name())) {
        node.put("key", column.key());
      }
      ArrayNode types = node.putArray("types");
      column.types().forEach(type -> types.add(type.suffix()));
      if (column.isStruct()) {
        writeColumns(node.putArray("members"), column.members());
      }
    }
  }

  private static void write(ObjectNode node, Gap gap) {
    node.put("incarnation", gap.shard().incarnation());
    node.put("shard", gap.shard().shardId());
    node.put("after", gap.afterPosition());
    gap.from().ifPresent(from -> node.put("from", from.toString()));
    gap.until().ifPresent(until -> node.put("until", until.toString()));
    node.put("reason", gap.reason());
    node.put("detected_at", gap.detectedAt().toString());
  }

  /**
   * Reads a receipt's body. Its id is that of this very text.
   *
   * @throws WatershedException {@code invalid-input} if it is no receipt, or of a newer version
   */
  static Receipt read(String body) {
    try {
      JsonNode root = MAPPER.readTree(body);
      int version = root.path("version").asInt(-1);
      if (version != VERSION) {
        throw notAReceipt("its version is " + version + ", this program reads " + VERSION, null);
      }
      List<PinnedStream> streams = new ArrayList<>();
      for (JsonNode stream : root.path("streams")) {
        streams.add(readStream(stream));
      }
      return new Receipt(
          hash(body).substring(0, Receipt.ID_CHARS),
          body,
          Instant.parse(text(root, "statement_time")),
          streams);
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException e) {
      throw notAReceipt("it is not such JSON", e);
    }
  }

  private static WatershedException notAReceipt(
      String why, @org.jspecify.annotations.Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.INVALID_INPUT,
        "the text is not a receipt: " + why,
        "Give the id that was printed under a result, or the receipt's JSON body unchanged.",
        cause);
  }

  private static PinnedStream readStream(JsonNode node) {
    SortedMap<ShardKey, PinnedShard> shards = new TreeMap<>();
    for (JsonNode shard : node.path("shards")) {
      PinnedShard pinned = readShard(shard);
      shards.put(pinned.through().shard(), pinned);
    }
    List<Gap> gaps = new ArrayList<>();
    node.path("gaps").forEach(gap -> gaps.add(readGap(gap)));
    return new PinnedStream(
        text(node, "stream"),
        UUID.fromString(text(node, "table_uuid")),
        node.has("snapshot_hint")
            ? OptionalLong.of(node.path("snapshot_hint").asLong())
            : OptionalLong.empty(),
        shards,
        new LogicalSchema(readColumns(node.path("columns"))),
        gaps);
  }

  private static PinnedShard readShard(JsonNode node) {
    Optional<ShardPosition> through =
        Optional.ofNullable(node.get("through")).map(JsonNode::asText).map(ShardPosition::parse);
    List<String> parents = new ArrayList<>();
    node.path("parents").forEach(parent -> parents.add(parent.asText()));
    return new PinnedShard(
        new ShardThrough(shardKey(node), node.path("whole").asBoolean(), through),
        parents,
        readAfter(text(node, "archived"), through),
        node.has("digest")
            ? Optional.of(
                new PinnedShard.Sums(
                    node.path("rows").asLong(), RecordDigest.parse(text(node, "digest"))))
            : Optional.empty(),
        Optional.ofNullable(node.get("read_to")).map(JsonNode::asText).map(ReceiptJson::readReadTo),
        node.path("dropped").asLong());
  }

  private static After readAfter(String text, Optional<ShardPosition> through) {
    return switch (text) {
      case START -> new After.Start();
      case "END" -> new After.End(through);
      default -> new After.At(ShardPosition.parse(text));
    };
  }

  private static List<LogicalColumn> readColumns(JsonNode array) {
    List<LogicalColumn> columns = new ArrayList<>();
    for (JsonNode node : array) {
      String name = text(node, "name");
      List<ColumnType> types = new ArrayList<>();
      node.path("types").forEach(type -> types.add(type(type.asText())));
      columns.add(
          new LogicalColumn(
              node.path("key").asText(name), name, types, readColumns(node.path("members"))));
    }
    return columns;
  }

  private static ColumnType type(String suffix) {
    for (ColumnType type : ColumnType.values()) {
      if (type.suffix().equals(suffix)) {
        return type;
      }
    }
    throw new IllegalArgumentException("column type " + suffix);
  }

  private static Gap readGap(JsonNode node) {
    return new Gap(
        shardKey(node),
        text(node, "after"),
        time(node, "from"),
        time(node, "until"),
        text(node, "reason"),
        Instant.parse(text(node, "detected_at")));
  }

  private static Optional<Instant> time(JsonNode node, String member) {
    return Optional.ofNullable(node.get(member)).map(JsonNode::asText).map(Instant::parse);
  }

  private static ShardKey shardKey(JsonNode node) {
    return new ShardKey(text(node, "incarnation"), text(node, "shard"));
  }

  private static String text(JsonNode node, String member) {
    JsonNode value = node.get(member);
    if (value == null || !value.isTextual()) {
      throw new IllegalArgumentException("member " + member + " is missing");
    }
    return value.asText();
  }
}
