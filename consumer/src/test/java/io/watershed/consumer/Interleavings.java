package io.watershed.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Merges of several sequences, each kept in its order. */
final class Interleavings {
  private Interleavings() {}

  /** Calls with every merge; the list is reused. Returns how many there were. */
  static <T> long all(List<List<T>> sides, Consumer<List<T>> each) {
    return merge(sides, new int[sides.size()], new ArrayList<>(), each);
  }

  private static <T> long merge(
      List<List<T>> sides, int[] read, List<T> head, Consumer<List<T>> each) {
    long merges = 0;
    boolean more = false;
    for (int side = 0; side < read.length; side++) {
      if (read[side] < sides.get(side).size()) {
        more = true;
        head.add(sides.get(side).get(read[side]++));
        merges += merge(sides, read, head, each);
        head.remove(head.size() - 1);
        read[side]--;
      }
    }
    if (!more) {
      each.accept(head);
      return 1;
    }
    return merges;
  }

  /** One merge. */
  static <T> List<T> random(Random random, List<List<T>> sides) {
    List<List<T>> open = new ArrayList<>(sides);
    List<T> merged = new ArrayList<>();
    while (!open.isEmpty()) {
      int side = random.nextInt(open.size());
      List<T> next = open.get(side);
      if (next.isEmpty()) {
        open.remove(side);
      } else {
        merged.add(next.get(0));
        open.set(side, next.subList(1, next.size()));
      }
    }
    return merged;
  }
}
