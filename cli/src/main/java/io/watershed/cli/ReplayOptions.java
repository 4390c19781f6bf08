package io.watershed.cli;

import io.watershed.core.config.TimeText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.ShardPosition;
import io.watershed.query.AsOfText;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordSelection;
import io.watershed.replay.Annotations;
import io.watershed.replay.Delivery;
import io.watershed.replay.EnvelopeMode;
import io.watershed.replay.ReplayPace;
import io.watershed.replay.ReplayRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a replay is asked for: which records, where to, and how. */
final class ReplayOptions {
  /** What becomes of tombstones that are the last of their key. */
  enum Tombstones {
    SEND,
    DROP
  }

  @Parameters(paramLabel = "STREAM", arity = "0..1", description = "The archived stream.")
  @Nullable String stream;

  @Option(names = "--target", paramLabel = "STREAM", description = "The stream to write to.")
  @Nullable String target;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only records that arrived then or later: RFC 3339, a date (UTC), or 2h.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only records that arrived before.")
  @Nullable String to;

  @Option(
      names = "--from-position",
      paramLabel = "SHARD:SEQUENCE",
      description =
          "Only records of this shard from this position on, and of its descendants. For "
              + "several shards, several times.")
  List<String> fromPositions = new ArrayList<>();

  @Option(
      names = "--shard",
      paramLabel = "SHARD",
      description = "Only records of this shard. Several times for several.")
  List<String> shards = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Only records for which this holds, over the columns of the view.")
  @Nullable String where;

  @Option(
      names = "--as-of",
      paramLabel = "RECEIPT|TIME",
      description =
          "Only records that this receipt's statement saw, or, approximately, those that "
              + "had arrived by a time.")
  @Nullable String asOf;

  @Option(
      names = "--compact",
      description = "Only the last record per key of what the rest selects.")
  boolean compact;

  @Option(
      names = "--key",
      paramLabel = "SQL",
      description = "What --compact takes for the key. Default: _partition_key.")
  @Nullable String key;

  @Option(
      names = "--order-by",
      paramLabel = "SQL",
      description =
          "What makes a record the last of its key: the greatest value of this. Default: "
              + "its place in the stream.")
  @Nullable String orderBy;

  @Option(
      names = "--tombstone",
      paramLabel = "SQL",
      description = "How --compact knows a record that deletes its key.")
  @Nullable String tombstone;

  @Option(
      names = "--tombstones",
      paramLabel = "send|drop",
      description = "Whether keys whose last record is a tombstone are sent. Default: send.")
  Tombstones tombstones = Tombstones.SEND;

  @Option(
      names = "--set",
      paramLabel = "NAME=TEXT",
      description = "An annotation for the envelope of every record.")
  List<String> constants = new ArrayList<>();

  @Option(
      names = "--set-sql",
      paramLabel = "NAME=SQL",
      description = "An annotation that is computed for each record.")
  List<String> computed = new ArrayList<>();

  @Option(
      names = "--overwrite",
      description = "The records win over what was live when the run began, for all consumers.")
  boolean overwrite;

  @Option(
      names = "--partition-key",
      paramLabel = "SQL",
      description = "The partition key on the target. Default: the record's own.")
  @Nullable String partitionKey;

  @Option(
      names = "--share",
      paramLabel = "0..1",
      description = "Part of the target's write quota to use. Default: 0.5.")
  @Nullable Double share;

  @Option(names = "--max-rate", paramLabel = "N", description = "At most N records a second.")
  @Nullable Double maxRate;

  @Option(
      names = "--dense",
      description =
          "Pack consecutive records of a target shard into aggregated ones (KPL): faster "
              + "for hot keys, for consumers that take them apart.")
  boolean dense;

  @Option(
      names = "--max-records",
      paramLabel = "N",
      description = "If more records are selected, stop. Default: what the configuration allows.")
  @Nullable Long maxRecords;

  @Option(
      names = "--envelope",
      paramLabel = "member|header|none",
      description =
          "Where a record says what it is a copy of: in a JSON object as its first member "
              + "(the default), always before the payload, or not at all: then nobody can tell "
              + "it from a live record.")
  EnvelopeMode envelope = EnvelopeMode.MEMBER;

  @Option(names = "--allow-source", description = "Allow the archived stream itself as the target.")
  boolean allowSource;

  @Option(
      names = "--skip-superseded",
      description = {
        "Leave out records of which the target holds a newer one under their partition key, when the",
        "plan is made and while it runs, and list them. For streams with one state per partition key."
      })
  boolean skipSuperseded;

  @Option(
      names = "--skip-oversize",
      description = "Leave out records that are too large for the target with their envelope.")
  boolean skipOversize;

  /**
   * What was asked for.
   *
   * @throws WatershedException {@code usage}, {@code invalid-input}
   */
  ReplayRequest request(WatershedConfig config, InstantSource clock) {
    if (stream == null || target == null) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "A replay needs the archived stream and --target",
          "Such as: watershed replay orders --from 2h --target orders-test");
    }
    return new ReplayRequest(
        config.find(stream).map(s -> s.alias()).orElse(stream),
        selection(clock),
        Optional.ofNullable(asOf).map(text -> AsOfText.parse(text, clock)),
        target,
        delivery(),
        allowSource,
        maxRecords == null ? Long.MAX_VALUE : maxRecords);
  }

  private RecordSelection selection(InstantSource clock) {
    return new RecordSelection(
        Optional.ofNullable(from).map(text -> TimeText.parse(text, clock)),
        Optional.ofNullable(to).map(text -> TimeText.parse(text, clock)),
        new TreeSet<>(shards),
        starts(),
        Optional.ofNullable(where),
        last());
  }

  private Map<String, ShardPosition> starts() {
    Map<String, ShardPosition> starts = new TreeMap<>();
    for (String text : fromPositions) {
      int colon = text.indexOf(':');
      if (colon < 1) {
        throw new WatershedException(
            ErrorCode.USAGE,
            "'" + text + "' is not a position",
            "Write the shard's id, a colon and the sequence number:"
                + " shardId-000000000000:4965….");
      }
      starts.put(text.substring(0, colon), ShardPosition.parse(text.substring(colon + 1).strip()));
    }
    return starts;
  }

  private Optional<LastPerKey> last() {
    if (!compact) {
      if (key != null || orderBy != null || tombstone != null || tombstones == Tombstones.DROP) {
        throw new WatershedException(
            ErrorCode.USAGE,
            "--key, --order-by, --tombstone and --tombstones say how to compact",
            "Add --compact for the last record per key only.");
      }
      return Optional.empty();
    }
    if (tombstones == Tombstones.DROP && tombstone == null) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--tombstones drop needs to know what a tombstone is",
          "Add --tombstone with a condition, such as --tombstone \"status = 'deleted'\".");
    }
    return Optional.of(
        new LastPerKey(
            key == null ? LastPerKey.PARTITION_KEY : key,
            Optional.ofNullable(orderBy),
            Optional.ofNullable(tombstone),
            tombstones == Tombstones.DROP));
  }

  private Delivery delivery() {
    return Delivery.DEFAULT
        .paced(
            new ReplayPace(
                share == null ? ReplayPace.DEFAULT.quotaShare() : share,
                maxRate == null ? OptionalDouble.empty() : OptionalDouble.of(maxRate)))
        .enveloped(envelope)
        .annotated(new Annotations(named("--set", constants), named("--set-sql", computed)))
        .overwriting(overwrite)
        .keyedBy(Optional.ofNullable(partitionKey))
        .packed(dense)
        .skippingSuperseded(skipSuperseded)
        .skippingOversize(skipOversize);
  }

  private static Map<String, String> named(String option, List<String> texts) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1 || named.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new WatershedException(
            ErrorCode.USAGE,
            option + " takes each name once, followed by '='",
            "Such as: "
                + option
                + (option.equals("--set") ? " reason=fix-7" : " city=\"lower(city)\""));
      }
    }
    return named;
  }
}
