package io.watershed.cut;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.condition.Condition;
import io.watershed.cut.condition.Conditions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a statement's conditions say of the positions that it needs. */
public final class LiveNeeds {
  private LiveNeeds() {}

  /** The need behind conditions. */
  public static LiveNeed of(Conditions conditions) {
    return new LiveNeed(conditions.references().stream().map(LiveNeeds::reference).toList());
  }

  private static LiveNeed.Reference reference(List<Condition> conditions) {
    Optional<Set<String>> shards =
        conditions.stream()
            .filter(condition -> condition.isOn(SystemColumn.SHARD_ID.columnName()))
            .flatMap(condition -> shardIds(condition).stream())
            .reduce(LiveNeeds::common);
    Optional<SequenceNumber> last =
        conditions.stream()
            .filter(condition -> condition.isOn(SystemColumn.SEQUENCE_NUMBER.columnName()))
            .flatMap(condition -> last(condition).stream())
            .min(Comparator.naturalOrder());
    return new LiveNeed.Reference(shards, last);
  }

  private static Set<String> common(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.retainAll(b);
    return both;
  }

  private static Optional<Set<String>> shardIds(Condition condition) {
    boolean names = condition.op() == Condition.Op.EQUAL || condition.op() == Condition.Op.IN;
    return names ? texts(condition.constants()).map(HashSet::new) : Optional.empty();
  }

  /** An upper bound, inclusive. Of {@code <} that is one too many, which does no harm. */
  private static Optional<SequenceNumber> last(Condition condition) {
    List<Object> bounds =
        switch (condition.op()) {
          case EQUAL, IN, LESS, LESS_OR_EQUAL -> condition.constants();
          case BETWEEN -> condition.constants().subList(1, 2);
          case GREATER, GREATER_OR_EQUAL -> List.of();
        };
    // Text is compared: other widths than the column's bound something else than numbers.
    return texts(bounds)
        .filter(all -> !all.isEmpty() && all.stream().allMatch(LiveNeeds::isPadded))
        .flatMap(all -> all.stream().map(SequenceNumber::new).max(SequenceNumber::compareTo));
  }

  private static boolean isPadded(String text) {
    return text.length() == SequenceNumber.WIDTH
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<List<String>> texts(List<Object> constants) {
    List<String> texts = new ArrayList<>();
    for (Object constant : constants) {
      if (!(constant instanceof String text)) {
        return Optional.empty();
      }
      texts.add(text);
    }
    return Optional.of(texts);
  }
}
