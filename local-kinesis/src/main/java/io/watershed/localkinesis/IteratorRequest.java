package io.watershed.localkinesis;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a GetShardIterator request wants to start.
 *
 * @param type the iterator type
 * @param sequenceNumber for the two types that need one
 * @param timestamp for the type that needs one
 */
record IteratorRequest(Type type, Optional<String> sequenceNumber, Optional<Instant> timestamp) {
  /** The five types of the service. */
  enum Type {
    AT_SEQUENCE_NUMBER,
    AFTER_SEQUENCE_NUMBER,
    TRIM_HORIZON,
    LATEST,
    AT_TIMESTAMP
  }

  static IteratorRequest of(Fields request) {
    String text = request.requiredText("ShardIteratorType");
    Type type;
    try {
      type = Type.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw ServiceError.constraint(
          "'" + text + "'",
          "shardIteratorType",
          "Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP,"
              + " AT_SEQUENCE_NUMBER, TRIM_HORIZON]");
    }
    Optional<String> sequenceNumber = request.text("StartingSequenceNumber");
    Optional<Instant> timestamp = request.time("Timestamp");
    boolean numbered = type == Type.AT_SEQUENCE_NUMBER || type == Type.AFTER_SEQUENCE_NUMBER;
    if (numbered != sequenceNumber.isPresent()
        || (type == Type.AT_TIMESTAMP) != timestamp.isPresent()) {
      throw ServiceError.invalidArgument(
          "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and"
              + " StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no"
              + " StartingSequenceNumber or (3) AT_TIMESTAMP and Timestamp. Request specified "
              + type
              + (sequenceNumber.isPresent() ? " and" : " and no")
              + " StartingSequenceNumber.");
    }
    return new IteratorRequest(type, sequenceNumber, timestamp);
  }

  ShardIterator resolve(Account account, LocalStream stream, LocalShard shard) {
    ShardLog log = shard.log();
    return switch (type) {
      case TRIM_HORIZON -> at(account, stream, shard, log.firstIndex(), false);
      case LATEST -> at(account, stream, shard, log.nextIndex(), false);
      case AT_TIMESTAMP ->
          at(account, stream, shard, log.firstArrivedFrom(pastMillis(account)), false);
      case AT_SEQUENCE_NUMBER -> numbered(account, stream, shard, 0);
      case AFTER_SEQUENCE_NUMBER -> numbered(account, stream, shard, 1);
    };
  }

  private ShardIterator numbered(Account account, LocalStream stream, LocalShard shard, int step) {
    long index = checkedIndex(account, stream, shard);
    // Index 0 is the shard's starting number: no record ever had it, so none was trimmed.
    boolean trimmed = index > 0 && index < shard.log().firstIndex();
    TrimmedPosition behaviour = account.mischief().hostility().trimmedPosition();
    if (trimmed && behaviour == TrimmedPosition.ERROR) {
      throw invalid(account, stream, shard, " because it is older than the trim horizon.");
    }
    boolean stuck = trimmed && behaviour != TrimmedPosition.HEAD_OF_SHARD;
    // A number beyond the tip, such as the one that ends a closed shard, is the tip.
    long next = index >= shard.log().nextIndex() ? shard.log().nextIndex() : index + step;
    return at(account, stream, shard, next, stuck);
  }

  private long checkedIndex(Account account, LocalStream stream, LocalShard shard) {
    SequenceNumbers.Parts parts =
        SequenceNumbers.parse(sequenceNumber.orElseThrow())
            .orElseThrow(() -> invalid(account, stream, shard, "."));
    if (parts.shardIndex() != shard.index()) {
      throw ServiceError.invalidArgument(
          "Invalid StartingSequenceNumber. It encodes "
              + LocalShard.id(parts.shardIndex())
              + ", while it was used in a call to a shard with "
              + shard.id());
    }
    if (parts.createdSecond() != shard.numberSecond() || parts.index() < 0) {
      throw invalid(account, stream, shard, " because it did not come from this stream.");
    }
    return parts.index();
  }

  private long pastMillis(Account account) {
    long millis = timestamp.orElseThrow().toEpochMilli();
    if (millis > account.nowMillis()) {
      throw ServiceError.invalidArgument(
          "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis."
              + " timestampInMillis: "
              + millis
              + ", currentTimestampInMillis: "
              + account.nowMillis());
    }
    return millis;
  }

  private ServiceError invalid(
      Account account, LocalStream stream, LocalShard shard, String because) {
    return ServiceError.invalidArgument(
        "StartingSequenceNumber "
            + sequenceNumber.orElse("")
            + " used in GetShardIterator on shard "
            + shard.id()
            + " in stream "
            + stream.name()
            + " under account "
            + account.id()
            + " is invalid"
            + because);
  }

  private static ShardIterator at(
      Account account, LocalStream stream, LocalShard shard, long index, boolean stuck) {
    return new ShardIterator(
        stream.name(), stream.createdMillis(), shard.index(), index, account.nowMillis(), stuck);
  }
}
