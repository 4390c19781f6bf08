package io.watershed.reservoir.table;

import io.watershed.reservoir.table.MetadataVersions.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes metadata versions that nobody can still build on (PROTOCOL 3.4). A writer that sleeps
 * holds a base; while its base or the next version exists, its create of the next version fails as
 * it must. So version N goes only when version N+1 has been there for a day, and the lowest goes
 * first: what is left never has a hole that a sleeper could fill unnoticed.
 *
 * <p>What lies below a hole came back from the past: a writer that woke up after its base was
 * deleted. It is nobody's base either, and goes when it is itself a day old.
 *
 * <p>Age is measured between two times of the store's own clock, N+1's and the newest version's.
 * That can only make a version look younger than it is.
 */
final class OldVersions {
  private static final Logger LOG = LoggerFactory.getLogger(OldVersions.class);

  private final MetadataVersions versions;
  private final Duration age;

  OldVersions(MetadataVersions versions, Duration age) {
    this.versions = versions;
    this.age = age;
  }

  /**
   * The versions up to the newest one without a hole, lowest first. What lies below a hole came
   * back from the past: nobody's base, and no part of the table.
   */
  static List<Version> live(List<Version> all) {
    int first = all.size() - 1;
    while (first > 0 && all.get(first - 1).number() == all.get(first).number() - 1) {
      first--;
    }
    return all.isEmpty() ? all : all.subList(first, all.size());
  }

  /**
   * Deletes at most so many, each confirmed before the next.
   *
   * @return how many were deleted
   */
  int delete(int atMost) {
    List<Version> all = versions.list();
    OptionalLong hint = versions.hint();
    if (all.isEmpty() || hint.isEmpty()) {
      return 0;
    }
    List<Version> live = live(all);
    Instant newest = all.get(all.size() - 1).lastModified();
    int deleted = 0;
    for (int i = 0; i + 1 < all.size() && deleted < atMost; i++) {
      long number = all.get(i).number();
      boolean stray = i < all.size() - live.size();
      Instant since = stray ? all.get(i).lastModified() : all.get(i + 1).lastModified();
      boolean superseded = Duration.between(since, newest).compareTo(age) >= 0;
      if (stray && !superseded) {
        continue;
      }
      // Readers start at the hint, so it must never point below what is there.
      if (!superseded || number >= hint.getAsLong()) {
        break;
      }
      versions.delete(number);
      if (versions.exists(number)) {
        LOG.warn("Version {} is still there after its deletion; stopped", number);
        break;
      }
      deleted++;
    }
    return deleted;
  }
}
