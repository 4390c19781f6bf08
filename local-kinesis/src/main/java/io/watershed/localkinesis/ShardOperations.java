package io.watershed.localkinesis;

import io.watershed.core.stream.Shard.HashRange;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations on shards: list, split, merge, scale. */
final class ShardOperations {
  private static final int MAX_PAGE = 10_000;
  private static final int DEFAULT_PAGE = 1_000;

  private final Account account;
  private final SignedTokens tokens;

  ShardOperations(Account account, SignedTokens tokens) {
    this.account = account;
    this.tokens = tokens;
  }

  void register(Map<String, Operation> operations) {
    operations.put("ListShards", this::listShards);
    operations.put("SplitShard", this::splitShard);
    operations.put("MergeShards", this::mergeShards);
    operations.put("UpdateShardCount", this::updateShardCount);
  }

  static void writeHashKeyRange(AnswerWriter out, LocalShard shard) throws IOException {
    HashRange range = shard.hashRange();
    out.structure(
        "HashKeyRange",
        content -> {
          content.text("StartingHashKey", range.first().toString());
          content.text("EndingHashKey", range.last().toString());
        });
  }

  private Answer listShards(Fields request) {
    int limit = request.integer("MaxResults", 1, MAX_PAGE).orElse(DEFAULT_PAGE);
    Optional<String> token = request.text("NextToken");
    ShardPage page = token.isPresent() ? continued(request, token.get()) : first(request);
    return account.locked(
        () -> {
          LocalStream stream = account.stream(page.streamName());
          long now = account.nowMillis();
          page.check(stream, now);
          stream.expire(now);
          long trimHorizon = stream.trimHorizonMillis(now);
          List<LocalShard> all =
              stream.listedShards(now).stream()
                  .filter(shard -> shard.index() > page.afterShardIndex())
                  .filter(shard -> page.filter().shows(shard, trimHorizon))
                  .toList();
          List<ListedShard> shown = all.stream().limit(limit).map(ListedShard::of).toList();
          Optional<String> next =
              shown.size() == all.size()
                  ? Optional.empty()
                  : Optional.of(
                      page.after(stream, shown.get(shown.size() - 1).shard(), now).sign(tokens));
          return out -> {
            out.structures("Shards", shown, (o, shard) -> shard.write(o));
            out.text("NextToken", next);
          };
        });
  }

  private ShardPage first(Fields request) {
    return new ShardPage(
        StreamReference.name(request, account),
        request.time("StreamCreationTimestamp").map(Instant::toEpochMilli),
        request.name("ExclusiveStartShardId").map(ShardReference::index).orElse(-1),
        request.structure("ShardFilter").map(ShardFilter::of).orElse(ShardFilter.ALL),
        account.nowMillis());
  }

  private ShardPage continued(Fields request, String token) {
    if (request.has("StreamName")
        || request.has("ExclusiveStartShardId")
        || request.has("StreamCreationTimestamp")) {
      throw ServiceError.invalidArgument(
          "NextToken and StreamName cannot be provided together, nor with ExclusiveStartShardId or"
              + " StreamCreationTimestamp.");
    }
    return ShardPage.verify(token, tokens)
        .orElseThrow(() -> ServiceError.invalidArgument("Invalid NextToken."));
  }

  private Answer splitShard(Fields request) {
    String name = StreamReference.name(request, account);
    String shardId = request.requiredName("ShardToSplit");
    BigInteger start = HashKeys.parseExplicit(request.requiredText("NewStartingHashKey"));
    return account.locked(
        () -> {
          LocalStream stream = account.stream(name);
          LocalShard shard = ShardReference.find(account, stream, shardId);
          requireActiveAndOpen(name, List.of(shard));
          HashRange range = shard.hashRange();
          if (start.compareTo(range.first().add(BigInteger.ONE)) <= 0
              || start.compareTo(range.last()) >= 0) {
            throw ServiceError.invalidArgument(
                "NewStartingHashKey "
                    + start
                    + " used in SplitShard() on shard "
                    + shardId
                    + " in stream "
                    + name
                    + " under account "
                    + account.id()
                    + " is not both greater than one plus the shard's StartingHashKey "
                    + range.first()
                    + " and less than the shard's EndingHashKey "
                    + range.last()
                    + ".");
          }
          StreamOperations.checkShardLimit(account, 1);
          stream.split(shard, start, account.nowMillis());
          stream.busyUntil(account.changedByMillis());
          return Answer.EMPTY;
        });
  }

  private Answer mergeShards(Fields request) {
    String name = StreamReference.name(request, account);
    String firstId = request.requiredName("ShardToMerge");
    String secondId = request.requiredName("AdjacentShardToMerge");
    return account.locked(
        () -> {
          LocalStream stream = account.stream(name);
          LocalShard first = ShardReference.find(account, stream, firstId);
          LocalShard second = ShardReference.find(account, stream, secondId);
          requireActiveAndOpen(name, List.of(first, second));
          boolean ascending = follows(first, second);
          if (!ascending && !follows(second, first)) {
            throw ServiceError.invalidArgument(
                "Shards "
                    + firstId
                    + " and "
                    + secondId
                    + " in stream "
                    + name
                    + " under account "
                    + account.id()
                    + " are not an adjacent pair of shards eligible for merging");
          }
          stream.merge(ascending ? first : second, ascending ? second : first, account.nowMillis());
          stream.busyUntil(account.changedByMillis());
          return Answer.EMPTY;
        });
  }

  private static boolean follows(LocalShard first, LocalShard second) {
    return first.hashRange().last().add(BigInteger.ONE).equals(second.hashRange().first());
  }

  private void requireActiveAndOpen(String name, List<LocalShard> shards) {
    account.activeStream(name);
    for (LocalShard shard : shards) {
      if (!shard.isOpen()) {
        throw ServiceError.inUse(
            "Shard "
                + shard.id()
                + " in stream "
                + name
                + " under account "
                + account.id()
                + " has already been merged or split, and thus is not eligible for merging or"
                + " splitting.");
      }
    }
  }

  private Answer updateShardCount(Fields request) {
    String name = StreamReference.name(request, account);
    int target = request.requiredInteger("TargetShardCount", 1, Integer.MAX_VALUE);
    String scaling = request.requiredText("ScalingType");
    if (!scaling.equals("UNIFORM_SCALING")) {
      throw ServiceError.constraint(
          "'" + scaling + "'",
          "scalingType",
          "Member must satisfy enum value set: [UNIFORM_SCALING]");
    }
    return account.locked(
        () -> {
          LocalStream stream = account.activeStream(name);
          int current = stream.openShardCount();
          checkScaling(name, current, target);
          stream.scaleTo(target, account.nowMillis());
          stream.busyUntil(account.changedByMillis());
          return out -> {
            out.text("StreamName", name);
            out.number("CurrentShardCount", current);
            out.number("TargetShardCount", target);
            out.text("StreamARN", stream.arn());
          };
        });
  }

  private void checkScaling(String name, int current, int target) {
    StreamOperations.checkShardLimit(account, Math.max(0, target - current));
    if (!account.settings().enforceLimits()) {
      return;
    }
    if (target > 2L * current || 2L * target < current) {
      throw ServiceError.invalidArgument(
          "UpdateShardCount cannot scale "
              + (target > current ? "up over double" : "down below half")
              + " your current open shard count. Current open shard count: "
              + current
              + " Target shard count: "
              + target
              + ". Stream "
              + name
              + ".");
    }
  }
}
