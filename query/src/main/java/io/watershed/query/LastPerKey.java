package io.watershed.query;

import java.util.Optional;

/**
 * Compaction: of the records of one key only the last is wanted (PROTOCOL 6.4).
 *
 * <p>Last is the greatest position. That means something only if all records of a key come from one
 * partition key and lie on one lineage, which a scan checks; if not, an order has to be named.
 *
 * @param key a SQL expression over the columns of the view; records whose key is NULL are all kept
 * @param orderBy a SQL expression: the last record is the one of its greatest value, and of equals
 *     the one of the greatest position; empty for the position alone
 * @param tombstone a SQL predicate that is true for a record that deletes its key
 * @param dropTombstones whether a key whose last record is a tombstone is left out altogether
 */
public record LastPerKey(
    String key, Optional<String> orderBy, Optional<String> tombstone, boolean dropTombstones) {
  /** The key of the stream itself. */
  public static final String PARTITION_KEY = "_partition_key";

  /** Whether the key is the stream's own. */
  public boolean isByPartitionKey() {
    return key.strip().equalsIgnoreCase(PARTITION_KEY);
  }

  /** The last record per partition key, by position. */
  public static LastPerKey partitionKey() {
    return new LastPerKey(PARTITION_KEY, Optional.empty(), Optional.empty(), false);
  }
}
