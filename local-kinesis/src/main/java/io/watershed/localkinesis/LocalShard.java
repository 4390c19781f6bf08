package io.watershed.localkinesis;

import io.watershed.core.stream.Shard.HashRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One shard: its place in the lineage and its records. Guarded by the account's lock. */
final class LocalShard {
  private final int index;
  private final String id;
  private final List<LocalShard> parents;
  private final HashRange hashRange;
  private final long createdMillis;
  private final long numberSecond;
  private final ShardLog log;
  private final ShardLimits limits;
  private final List<LocalShard> children = new ArrayList<>();
  private OptionalLong closedMillis = OptionalLong.empty();

  /**
   * @param numberSecond the creation second that its sequence numbers begin with; later than its
   *     parents', so that its numbers are above theirs
   */
  LocalShard(
      int index,
      List<LocalShard> parents,
      HashRange hashRange,
      long createdMillis,
      long numberSecond,
      HeldBytes held) {
    this.index = index;
    this.id = id(index);
    this.parents = List.copyOf(parents);
    this.hashRange = hashRange;
    this.createdMillis = createdMillis;
    this.numberSecond = numberSecond;
    this.log = new ShardLog(held);
    this.limits = new ShardLimits(createdMillis);
  }

  static String id(int index) {
    return String.format("shardId-%012d", index);
  }

  String id() {
    return id;
  }

  int index() {
    return index;
  }

  List<LocalShard> parents() {
    return parents;
  }

  List<LocalShard> children() {
    return children;
  }

  HashRange hashRange() {
    return hashRange;
  }

  long createdMillis() {
    return createdMillis;
  }

  long numberSecond() {
    return numberSecond;
  }

  ShardLog log() {
    return log;
  }

  ShardLimits limits() {
    return limits;
  }

  OptionalLong closedMillis() {
    return closedMillis;
  }

  boolean isOpen() {
    return closedMillis.isEmpty();
  }

  void close(long nowMillis, List<LocalShard> successors) {
    closedMillis = OptionalLong.of(nowMillis);
    children.addAll(successors);
  }

  String sequenceNumber(long recordIndex, long storedMillis) {
    return SequenceNumbers.text(numberSecond, index, recordIndex, storedMillis / 1_000);
  }

  String startingSequenceNumber() {
    return sequenceNumber(0, createdMillis);
  }

  Optional<String> endingSequenceNumber() {
    return closedMillis.isEmpty()
        ? Optional.empty()
        : Optional.of(sequenceNumber(SequenceNumbers.MAX_INDEX, closedMillis.getAsLong()));
  }
}
