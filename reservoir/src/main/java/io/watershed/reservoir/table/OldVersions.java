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
    Instant newest = all.get(all.size() - 1).lastModified();
    int deleted = 0;
    for (int i = 0; i + 1 < all.size() && deleted < atMost; i++) {
      Version next = all.get(i + 1);
      long number = all.get(i).number();
      if (next.number() != number + 1) {
        continue; // a leftover of a writer that died: nobody's base, and no rule covers it
      }
      boolean superseded = Duration.between(next.lastModified(), newest).compareTo(age) >= 0;
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
