package io.watershed.core.aggregate;

import java.util.Arrays;

/** A growing list of pairs of numbers; it takes as much memory as it has pairs. */
final class Ranges {
  private static final int FIRST_CAPACITY = 16;

  private int[] numbers = new int[2 * FIRST_CAPACITY];
  private int size;

  void add(int first, int second) {
    if (2 * size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
    }
    numbers[2 * size] = first;
    numbers[2 * size + 1] = second;
    size++;
  }

  int size() {
    return size;
  }

  int first(int index) {
    return numbers[2 * index];
  }

  int second(int index) {
    return numbers[2 * index + 1];
  }
}
