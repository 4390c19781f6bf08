package io.watershed.server.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.watershed.core.config.TimeText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.AsOfText;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordSelection;
import io.watershed.replay.Annotations;
import io.watershed.replay.Delivery;
import io.watershed.replay.EnvelopeMode;
import io.watershed.replay.ReplayPace;
import io.watershed.replay.ReplayRequest;
import io.watershed.server.http.Problem;
import io.watershed.server.http.Shape;
import io.watershed.server.http.Shape.Member;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is asked to be replayed, as JSON. The members are those of 'watershed replay plan'. */
final class PlanBody {
  private static final int SQL_CHARS = 10_000;
  private static final int MAX_ELEMENTS = 1_000;
  private static final double MAX_RATE = 1e9;

  /** What selects records. */
  private static final Member[] SELECTION = {
    Member.required("stream", Shape.text(256), "The archived stream."),
    Member.optional("from", Shape.text(64), "Arrived then or later: RFC 3339, a date, or 2h."),
    Member.optional("to", Shape.text(64), "Arrived before."),
    Member.optional(
        "from_position",
        Shape.listOf(Shape.text(256), MAX_ELEMENTS),
        "shard:sequence: of this shard from there on, and of its descendants."),
    Member.optional(
        "shards", Shape.listOf(Shape.text(128), MAX_ELEMENTS), "Only records of these shards."),
    Member.optional("where", Shape.text(SQL_CHARS), "SQL over the columns of the view."),
    Member.optional(
        "compact",
        Shape.object(
            Member.optional("key", Shape.text(SQL_CHARS), "Default: _partition_key."),
            Member.optional("order_by", Shape.text(SQL_CHARS), "Default: the place in the stream."),
            Member.optional("tombstone", Shape.text(SQL_CHARS), "What deletes a key."),
            Member.optional("tombstones", Shape.choice("send", "drop"), "Default: send.")),
        "Only the last record per key."),
    Member.optional("as_of", Shape.text(200_000), "A receipt or a time."),
    Member.optional("target", Shape.text(2_048), "The stream to write to, name or ARN."),
    Member.optional(
        "set", Shape.mapOf(Shape.text(SQL_CHARS), 100), "Annotations for the envelope."),
    Member.optional(
        "set_sql", Shape.mapOf(Shape.text(SQL_CHARS), 100), "Annotations that are computed."),
    Member.optional("overwrite", Shape.flag(), "The records win over what is live."),
    Member.optional("partition_key", Shape.text(SQL_CHARS), "SQL for the key on the target."),
    Member.optional("dense", Shape.flag(), "Pack records into aggregated ones."),
    Member.optional("envelope", Shape.choice("member", "header", "none"), "Default: member."),
    Member.optional(
        "pace",
        Shape.object(
            Member.optional(
                "share", Shape.number(0.001, 1), "Part of the target's write quota; 0.5."),
            Member.optional("max_rate", Shape.number(0.001, MAX_RATE), "Records a second.")),
        "How fast."),
    Member.optional("max_records", Shape.integer(1, Long.MAX_VALUE), "More are an error."),
    Member.optional("allow_source", Shape.flag(), "Allow the stream itself as target."),
    Member.optional("skip_oversize", Shape.flag(), "Leave out what is too large."),
    Member.optional("skip_superseded", Shape.flag(), "Leave out what the target holds newer of.")
  };

  static final Shape.Members SHAPE = Shape.object(SELECTION);

  private final JsonNode body;
  private final WatershedConfig config;
  private final InstantSource clock;

  PlanBody(JsonNode body, WatershedConfig config, InstantSource clock) {
    this.body = body;
    this.config = config;
    this.clock = clock;
  }

  /** The stream's name in the reservoir. */
  String stream() {
    String name = body.path("stream").asText();
    return config.find(name).map(s -> s.alias()).orElse(name);
  }

  /**
   * The whole request.
   *
   * @throws Problem 400
   */
  ReplayRequest request() {
    String target =
        text(body, "target")
            .orElseThrow(
                () -> Problem.badRequest("'target' is missing", "Name the stream to write to."));
    ReplayRequest request =
        ReplayRequest.of(stream(), target).select(selection()).delivered(delivery());
    if (flag("allow_source")) {
      request = request.allowingSource();
    }
    if (body.hasNonNull("max_records")) {
      request = request.atMost(body.path("max_records").asLong());
    }
    Optional<String> asOf = text(body, "as_of");
    return asOf.isPresent() ? request.at(AsOfText.parse(asOf.get(), clock)) : request;
  }

  /** The past that is replayed. */
  Optional<io.watershed.query.AsOf> asOf() {
    return text(body, "as_of").map(text -> AsOfText.parse(text, clock));
  }

  /** Which records. */
  RecordSelection selection() {
    TreeSet<String> shards = new TreeSet<>();
    body.path("shards").forEach(shard -> shards.add(shard.asText()));
    return new RecordSelection(
        text(body, "from").map(text -> TimeText.parse(text, clock)),
        text(body, "to").map(text -> TimeText.parse(text, clock)),
        shards,
        starts(),
        text(body, "where"),
        last());
  }

  private Map<String, ShardPosition> starts() {
    Map<String, ShardPosition> starts = new TreeMap<>();
    for (JsonNode place : body.path("from_position")) {
      String text = place.asText();
      int colon = text.indexOf(':');
      if (colon < 1) {
        throw Problem.badRequest(
            "'from_position' is not a position", "Write shardId-000000000000:4965….");
      }
      starts.put(text.substring(0, colon), ShardPosition.parse(text.substring(colon + 1)));
    }
    return starts;
  }

  private Optional<LastPerKey> last() {
    if (!body.hasNonNull("compact")) {
      return Optional.empty();
    }
    JsonNode compact = body.path("compact");
    boolean drop = compact.path("tombstones").asText().equals("drop");
    if (drop && !compact.hasNonNull("tombstone")) {
      throw Problem.badRequest(
          "'compact.tombstones' needs to know what a tombstone is", "Add 'tombstone'.");
    }
    return Optional.of(
        new LastPerKey(
            text(compact, "key").orElse(LastPerKey.PARTITION_KEY),
            text(compact, "order_by"),
            text(compact, "tombstone"),
            drop));
  }

  private Delivery delivery() {
    JsonNode pace = body.path("pace");
    return Delivery.DEFAULT
        .paced(
            new ReplayPace(
                pace.hasNonNull("share")
                    ? pace.path("share").asDouble()
                    : ReplayPace.DEFAULT.quotaShare(),
                pace.hasNonNull("max_rate")
                    ? OptionalDouble.of(pace.path("max_rate").asDouble())
                    : OptionalDouble.empty()))
        .enveloped(EnvelopeMode.parse(text(body, "envelope").orElse("member")))
        .annotated(new Annotations(named("set"), named("set_sql")))
        .overwriting(flag("overwrite"))
        .keyedBy(text(body, "partition_key"))
        .packed(flag("dense"))
        .skippingOversize(flag("skip_oversize"))
        .skippingSuperseded(flag("skip_superseded"));
  }

  private Map<String, String> named(String member) {
    Map<String, String> named = new LinkedHashMap<>();
    body.path(member).properties().forEach(e -> named.put(e.getKey(), e.getValue().asText()));
    return named;
  }

  private boolean flag(String name) {
    return body.path(name).asBoolean(false);
  }

  private static Optional<String> text(JsonNode object, String name) {
    return object.hasNonNull(name) ? Optional.of(object.path(name).asText()) : Optional.empty();
  }
}
