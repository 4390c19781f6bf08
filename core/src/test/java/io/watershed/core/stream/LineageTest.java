package io.watershed.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.record.ShardKey;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageTest {
  private static final String LIFE = "orders@20260101T000000.000Z";

  // 0 splits into 2 and 3; 3 and 1 merge into 4; 4 splits into 5 and 6. The ids of the children of
  // 4 sort before nothing in particular: order must come from parents, not from names.
  private final List<Shard> family =
      List.of(
          shard("s9", 0, 49),
          shard("s1", 50, 99),
          shard("s2", 0, 24, "s9"),
          shard("s3", 25, 49, "s9"),
          shard("s4", 25, 99, "s3", "s1"),
          shard("s0", 25, 60, "s4"),
          shard("s6", 61, 99, "s4"));

  @Test
  void parentsComeBeforeChildrenWhateverTheListingsOrderAndTheIds() {
    for (long seed = 0; seed < 50; seed++) {
      List<Shard> shuffled = new ArrayList<>(family);
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(ids(Lineage.of(shuffled).shards()))
          .containsExactly("s1", "s9", "s2", "s3", "s4", "s0", "s6");
    }
  }

  @Test
  void aMergeWaitsForBothParents() {
    Lineage lineage = Lineage.of(family);
    assertThat(ids(lineage.readable(keys()))).containsExactly("s1", "s9");
    assertThat(ids(lineage.readable(keys("s9")))).containsExactly("s1", "s2", "s3");
    assertThat(ids(lineage.readable(keys("s9", "s3")))).containsExactly("s1", "s2");
    assertThat(ids(lineage.readable(keys("s9", "s3", "s1")))).containsExactly("s2", "s4");
    assertThat(ids(lineage.readable(keys("s9", "s3", "s1", "s4", "s2"))))
        .containsExactly("s0", "s6");
  }

  @Test
  void aParentThatIsNotListedIsNotWaitedForButNamed() {
    Lineage lineage = Lineage.of(family.subList(2, 5)); // s9 and s1 are gone from the listing
    assertThat(ids(lineage.readable(keys()))).containsExactly("s2", "s3");
    assertThat(lineage.unknownParents(family.get(2))).containsExactly(key("s9"));
    assertThat(lineage.unknownParents(family.get(4))).containsExactly(key("s1"));
    assertThat(ids(lineage.parents(family.get(4)))).containsExactly("s3");
  }

  @Test
  void childrenAreCompleteWhenTheyOwnTheWholeHashRange() {
    Lineage lineage = Lineage.of(family);
    assertThat(ids(lineage.children(key("s9")))).containsExactly("s2", "s3");
    assertThat(lineage.childrenComplete(key("s9"))).isTrue();
    assertThat(lineage.childrenComplete(key("s3"))).as("a merge's child owns more").isTrue();
    assertThat(lineage.childrenComplete(key("s2"))).as("an open shard").isFalse();
    assertThat(lineage.childrenComplete(key("unknown"))).isFalse();

    Lineage half = Lineage.of(List.of(family.get(0), family.get(2)));
    assertThat(half.childrenComplete(key("s9"))).as("s3 is not listed yet").isFalse();
    Lineage otherHalf = Lineage.of(List.of(family.get(0), family.get(3)));
    assertThat(otherHalf.childrenComplete(key("s9"))).as("s2 is not listed yet").isFalse();
    assertThat(half.plus(List.of(family.get(3))).childrenComplete(key("s9"))).isTrue();
  }

  @Test
  void ancestorsAndDescendantsFollowEveryLine() {
    Lineage lineage = Lineage.of(family);
    assertThat(lineage.ancestors(key("s6")))
        .containsExactlyInAnyOrder(key("s4"), key("s3"), key("s1"), key("s9"));
    assertThat(lineage.descendants(key("s1")))
        .containsExactlyInAnyOrder(key("s4"), key("s0"), key("s6"));
    assertThat(lineage.descendants(key("s2"))).isEmpty();
  }

  @Test
  void shardsOfAnotherIncarnationAreNoRelatives() {
    Shard reborn =
        new Shard(new ShardKey("orders@20270101T000000.000Z", "s2"), List.of("s9"), range(0, 24));
    Lineage lineage = Lineage.of(family).plus(List.of(reborn));
    assertThat(lineage.children(key("s9"))).doesNotContain(reborn);
    assertThat(lineage.readable(keys())).contains(reborn);
  }

  @Test
  void whatIsRememberedStaysWhenTheListingForgets() {
    Lineage lineage = Lineage.of(family.subList(0, 4)).plus(family.subList(4, 7));
    assertThat(lineage.shards()).hasSize(7);
    assertThat(lineage.shard(key("s9"))).contains(family.get(0));
  }

  @Test
  void aShardThatIsItsOwnAncestorIsRefused() {
    List<Shard> circle = List.of(shard("a", 0, 9, "b"), shard("b", 0, 9, "a"));
    assertThatThrownBy(() -> Lineage.of(circle)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Shard shard(String id, long first, long last, String... parents) {
    return new Shard(key(id), List.of(parents), range(first, last));
  }

  private static HashRange range(long first, long last) {
    return new HashRange(BigInteger.valueOf(first), BigInteger.valueOf(last));
  }

  private static ShardKey key(String id) {
    return new ShardKey(LIFE, id);
  }

  private static Set<ShardKey> keys(String... ids) {
    return new HashSet<>(Arrays.stream(ids).map(LineageTest::key).toList());
  }

  private static List<String> ids(List<Shard> shards) {
    return shards.stream().map(shard -> shard.key().shardId()).toList();
  }
}
