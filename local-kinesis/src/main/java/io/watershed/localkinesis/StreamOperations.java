package io.watershed.localkinesis;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations on whole streams: create, delete, describe, list, retention, record size. */
final class StreamOperations {
  static final int DEFAULT_MAX_RECORD_KIB = 1_024;
  static final int HIGHEST_MAX_RECORD_KIB = 10_240;
  static final int MAX_SHARDS = 10_000;

  private static final int ON_DEMAND_SHARDS = 4;
  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 10_000;

  private final Account account;

  StreamOperations(Account account) {
    this.account = account;
  }

  void register(Map<String, Operation> operations) {
    operations.put("CreateStream", this::createStream);
    operations.put("DeleteStream", this::deleteStream);
    operations.put("DescribeStream", this::describeStream);
    operations.put("DescribeStreamSummary", this::describeStreamSummary);
    operations.put("ListStreams", this::listStreams);
    operations.put("IncreaseStreamRetentionPeriod", this::increaseRetention);
    operations.put("DecreaseStreamRetentionPeriod", this::decreaseRetention);
    operations.put("UpdateMaxRecordSize", this::updateMaxRecordSize);
    operations.put("DescribeLimits", this::describeLimits);
  }

  private Answer createStream(Fields request) {
    String name = request.requiredName("StreamName");
    LocalStream.Mode mode =
        request
            .structure("StreamModeDetails")
            .map(StreamOperations::mode)
            .orElse(LocalStream.Mode.PROVISIONED);
    int shards = request.integer("ShardCount", 1, Integer.MAX_VALUE).orElse(0);
    if (shards == 0) {
      if (mode == LocalStream.Mode.PROVISIONED) {
        throw ServiceError.of(
            "ValidationException", "ShardCount is a required parameter in PROVISIONED mode.");
      }
      shards = ON_DEMAND_SHARDS;
    }
    int count = shards;
    int maxRecordKib =
        request
            .integer("MaxRecordSizeInKiB", DEFAULT_MAX_RECORD_KIB, HIGHEST_MAX_RECORD_KIB)
            .orElse(DEFAULT_MAX_RECORD_KIB);
    long delay = account.settings().controlPlaneDelay().toMillis();
    account.locked(
        () -> {
          checkShardLimit(account, count);
          return account.create(name, mode, count, maxRecordKib, delay);
        });
    return Answer.EMPTY;
  }

  static void checkShardLimit(Account account, int more) {
    int open = account.streams().stream().mapToInt(LocalStream::openShardCount).sum();
    if (open + (long) more > MAX_SHARDS) {
      throw ServiceError.limitExceeded(
          "This request would exceed the shard limit for the account "
              + account.id()
              + ". Current shard count for the account: "
              + open
              + ". Limit: "
              + MAX_SHARDS
              + ".");
    }
  }

  private static LocalStream.Mode mode(Fields details) {
    String text = details.requiredText("StreamMode");
    try {
      return LocalStream.Mode.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw ServiceError.constraint(
          "'" + text + "'",
          "streamModeDetails.streamMode",
          "Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]");
    }
  }

  private Answer deleteStream(Fields request) {
    String name = StreamReference.name(request, account);
    account.locked(
        () -> {
          account.stream(name).deleteAt(account.changedByMillis());
          return account.streams();
        });
    return Answer.EMPTY;
  }

  private Answer describeStream(Fields request) {
    String name = StreamReference.name(request, account);
    int limit = request.integer("Limit", 1, MAX_PAGE).orElse(DEFAULT_PAGE);
    Optional<String> after = request.name("ExclusiveStartShardId");
    return account.locked(
        () -> {
          LocalStream stream = account.stream(name);
          long now = account.nowMillis();
          stream.expire(now);
          List<LocalShard> all =
              stream.listedShards(now).stream()
                  .filter(shard -> after.isEmpty() || shard.id().compareTo(after.get()) > 0)
                  .toList();
          List<ListedShard> page = all.stream().limit(limit).map(ListedShard::of).toList();
          Answer common = common(stream);
          return out ->
              out.structure(
                  "StreamDescription",
                  description -> {
                    common.write(description);
                    description.structures("Shards", page, (o, shard) -> shard.write(o));
                    description.flag("HasMoreShards", page.size() < all.size());
                  });
        });
  }

  private Answer describeStreamSummary(Fields request) {
    String name = StreamReference.name(request, account);
    return account.locked(
        () -> {
          LocalStream stream = account.stream(name);
          int openShards = stream.openShardCount();
          int maxRecordKib = stream.maxRecordKib();
          Answer common = common(stream);
          return out ->
              out.structure(
                  "StreamDescriptionSummary",
                  summary -> {
                    common.write(summary);
                    summary.number("OpenShardCount", openShards);
                    summary.number("ConsumerCount", 0);
                    summary.number("MaxRecordSizeInKiB", maxRecordKib);
                  });
        });
  }

  private Answer common(LocalStream stream) {
    String status = stream.status(account.nowMillis());
    int retention = stream.retentionHours();
    return out -> {
      out.text("StreamName", stream.name());
      out.text("StreamARN", stream.arn());
      out.text("StreamStatus", status);
      out.structure("StreamModeDetails", mode -> mode.text("StreamMode", stream.mode().name()));
      out.number("RetentionPeriodHours", retention);
      out.time("StreamCreationTimestamp", stream.createdMillis());
      out.structures(
          "EnhancedMonitoring", List.of(""), (o, none) -> o.texts("ShardLevelMetrics", List.of()));
      out.text("EncryptionType", "NONE");
    };
  }

  /** A stream as a listing shows it. */
  private record Listed(LocalStream stream, String status) {
    void write(AnswerWriter out) throws IOException {
      out.text("StreamName", stream.name());
      out.text("StreamARN", stream.arn());
      out.text("StreamStatus", status);
      out.structure("StreamModeDetails", mode -> mode.text("StreamMode", stream.mode().name()));
      out.time("StreamCreationTimestamp", stream.createdMillis());
    }
  }

  private Answer listStreams(Fields request) {
    int limit = request.integer("Limit", 1, MAX_PAGE).orElse(DEFAULT_PAGE);
    // The paging token is the last name: nothing else is needed to go on.
    String after =
        request.text("NextToken").or(() -> request.name("ExclusiveStartStreamName")).orElse("");
    return account.locked(
        () -> {
          List<LocalStream> all =
              account.streams().stream()
                  .filter(stream -> stream.name().compareTo(after) > 0)
                  .toList();
          long now = account.nowMillis();
          List<Listed> page =
              all.stream()
                  .limit(limit)
                  .map(stream -> new Listed(stream, stream.status(now)))
                  .toList();
          boolean more = page.size() < all.size();
          return out -> {
            out.texts("StreamNames", page.stream().map(item -> item.stream().name()).toList());
            out.flag("HasMoreStreams", more);
            if (more) {
              out.text("NextToken", page.get(page.size() - 1).stream().name());
            }
            out.structures("StreamSummaries", page, (o, item) -> item.write(o));
          };
        });
  }

  private Answer increaseRetention(Fields request) {
    return changeRetention(request, true);
  }

  private Answer decreaseRetention(Fields request) {
    return changeRetention(request, false);
  }

  private Answer changeRetention(Fields request, boolean increase) {
    String name = StreamReference.name(request, account);
    int hours =
        request.requiredInteger("RetentionPeriodHours", Integer.MIN_VALUE, Integer.MAX_VALUE);
    return account.locked(
        () -> {
          LocalStream stream = account.activeStream(name);
          checkRetention(stream, hours, increase);
          // What has expired by now stays gone, whatever the new retention is.
          stream.expire(account.nowMillis());
          stream.retentionHours(hours);
          stream.busyUntil(account.changedByMillis());
          return Answer.EMPTY;
        });
  }

  private static void checkRetention(LocalStream stream, int hours, boolean increase) {
    String requested = "Requested retention period (" + hours + " hours)";
    if (hours < LocalStream.MIN_RETENTION_HOURS) {
      throw ServiceError.invalidArgument(
          "Minimum allowed retention period is 24 hours. " + requested + " is too short.");
    }
    if (hours > LocalStream.MAX_RETENTION_HOURS) {
      throw ServiceError.invalidArgument(
          "Maximum allowed retention period is 8760 hours. " + requested + " is too long.");
    }
    if (increase ? hours < stream.retentionHours() : hours > stream.retentionHours()) {
      throw ServiceError.invalidArgument(
          requested
              + " for stream "
              + stream.name()
              + (increase ? " can not be shorter" : " can not be longer")
              + " than existing retention period ("
              + stream.retentionHours()
              + " hours). Use "
              + (increase ? "DecreaseStreamRetentionPeriod" : "IncreaseStreamRetentionPeriod")
              + " API.");
    }
  }

  private Answer updateMaxRecordSize(Fields request) {
    String name = StreamReference.name(request, account);
    int kib =
        request.requiredInteger(
            "MaxRecordSizeInKiB", DEFAULT_MAX_RECORD_KIB, HIGHEST_MAX_RECORD_KIB);
    return account.locked(
        () -> {
          LocalStream stream = account.activeStream(name);
          stream.maxRecordKib(kib);
          stream.busyUntil(account.changedByMillis());
          return Answer.EMPTY;
        });
  }

  private Answer describeLimits(Fields request) {
    return account.locked(
        () -> {
          int open = account.streams().stream().mapToInt(LocalStream::openShardCount).sum();
          long onDemand =
              account.streams().stream()
                  .filter(stream -> stream.mode() == LocalStream.Mode.ON_DEMAND)
                  .count();
          return out -> {
            out.number("ShardLimit", MAX_SHARDS);
            out.number("OpenShardCount", open);
            out.number("OnDemandStreamCount", onDemand);
            out.number("OnDemandStreamCountLimit", MAX_SHARDS);
          };
        });
  }
}
