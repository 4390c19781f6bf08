package io.watershed.cut;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which records of a stream a statement can need, as far as its conditions on position tell.
 * Conditions on arrival time do not count: such a time selects, and bounds nothing (PROTOCOL 1.3).
 *
 * @param references what is needed for each place where the statement names the stream
 */
public record LiveNeed(List<Reference> references) {
  /** Every record. */
  public static final LiveNeed ALL =
      new LiveNeed(List.of(new Reference(Optional.empty(), Optional.empty())));

  public LiveNeed {
    references = List.copyOf(references);
  }

  /**
   * One place where the statement names the stream.
   *
   * @param shardIds records of shards with these ids, in any incarnation; empty for all
   * @param last records up to this sequence number, inclusive; empty for all
   */
  public record Reference(Optional<Set<String>> shardIds, Optional<SequenceNumber> last) {
    public Reference {
      shardIds = shardIds.map(Set::copyOf);
    }

    private boolean needs(ShardKey shard) {
      return shardIds.map(ids -> ids.contains(shard.shardId())).orElse(true);
    }
  }

  /** Whether every record is needed. */
  boolean isWhole() {
    return references.stream()
        .anyMatch(reference -> reference.shardIds().isEmpty() && reference.last().isEmpty());
  }

  /** Whether any record of the shard is needed. */
  boolean needs(ShardKey shard) {
    return references.stream().anyMatch(reference -> reference.needs(shard));
  }

  /** The highest sequence number needed of a shard that is needed; empty if there is no bound. */
  Optional<SequenceNumber> last(ShardKey shard) {
    List<Reference> here = references.stream().filter(r -> r.needs(shard)).toList();
    return here.stream().anyMatch(reference -> reference.last().isEmpty())
        ? Optional.empty()
        : here.stream()
            .flatMap(reference -> reference.last().stream())
            .max(Comparator.naturalOrder());
  }

  /** Whether all that is needed of the shard lies within what was read of it. */
  boolean isWithin(ShardKey shard, ReadTo readTo) {
    return !needs(shard)
        || last(shard)
            .filter(last -> readTo.last().filter(read -> last.compareTo(read) <= 0).isPresent())
            .isPresent();
  }
}
