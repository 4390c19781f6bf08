package io.watershed.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody most likely meant: the smallest edit distance, if it is small. */
public final class Nearest {
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /** The candidate that differs least from the word; empty if none is close. */
  public static Optional<String> to(String word, Collection<String> candidates) {
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    int close = Math.max(1, Math.min(word.length(), best.length()) / 2);
    return bestDistance <= close ? Optional.of(best) : Optional.empty();
  }

  /** Levenshtein distance over lower-case text without separators. */
  private static int distance(String first, String second) {
    String a = normal(first);
    String b = normal(second);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static String normal(String text) {
    String lower = text.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    return lower.length() <= MAX_LENGTH ? lower : lower.substring(0, MAX_LENGTH);
  }
}
