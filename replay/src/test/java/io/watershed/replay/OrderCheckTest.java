package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardPosition;
import org.junit.jupiter.api.Test;

class OrderCheckTest {
  private final OrderCheck check = new OrderCheck(100);

  @Test
  void recordsInOrderAreNoViolation() {
    next("a", "s1", 1);
    next("b", "s1", 5);
    next("a", "s1", 2);
    next("b", "s1", 6);
    assertThat(check.violations()).isZero();
  }

  @Test
  void aRecordBeforeAnEarlierOneOfItsKeyIsOne() {
    next("a", "s1", 5);
    next("a", "s1", 3);
    next("a", "s1", 4);
    next("a", "s1", 6);
    assertThat(check.violations()).isEqualTo(2);
  }

  @Test
  void keysDoNotCompareWithEachOther() {
    next("a", "s1", 5);
    next("b", "s1", 3);
    assertThat(check.violations()).isZero();
  }

  @Test
  void onlyTheKeysOfLateAreRemembered() {
    OrderCheck small = new OrderCheck(2);
    small.next("a", place("s1", 9));
    small.next("b", place("s1", 1));
    small.next("c", place("s1", 2));
    small.next("a", place("s1", 3));
    assertThat(small.violations()).isZero();
  }

  @Test
  void aSplitMovesKeysForGood() {
    next("a", "parent", 1);
    next("b", "parent", 2);
    next("a", "child-1", 10);
    next("b", "child-2", 11);
    next("c", "parent", 3);
    next("a", "child-1", 12);
    assertThat(check.isScattered()).isFalse();
  }

  @Test
  void aShardThatTakesRecordsAfterAKeyLeftItShowsThatKeysAreScattered() {
    next("a", "s1", 1);
    next("a", "s2", 10);
    assertThat(check.isScattered()).isFalse();
    next("b", "s1", 11);
    assertThat(check.isScattered()).isTrue();
  }

  private void next(String key, String shard, long sequence) {
    check.next(key, place(shard, sequence));
  }

  @Test
  void recordsThatWerePackedIntoOneHaveAnOrderInIt() {
    OrderCheck check = new OrderCheck(10);
    SequenceNumber pack = SequenceNumber.parse("5");
    check.next("k", new OrderCheck.Place("s", new ShardPosition(pack, 1)));
    check.next("k", new OrderCheck.Place("s", new ShardPosition(pack, 2)));
    assertThat(check.violations()).isZero();
    check.next("k", new OrderCheck.Place("s", new ShardPosition(pack, 0)));
    assertThat(check.violations()).isEqualTo(1);
  }

  private static OrderCheck.Place place(String shard, long sequence) {
    return new OrderCheck.Place(
        shard, ShardPosition.of(SequenceNumber.parse(String.valueOf(sequence))));
  }
}
