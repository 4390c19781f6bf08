package io.watershed.localkinesis;

/**
 * What an iterator AT or AFTER the sequence number of a trimmed record does. The documentation of
 * the real service does not say; all of these have been seen.
 */
public enum TrimmedPosition {
  /** It starts at the oldest record that the shard still holds. */
  HEAD_OF_SHARD,
  /** GetShardIterator answers InvalidArgumentException. */
  ERROR,
  /** It reads nothing, for ever, and claims to be behind the tip if the shard holds records. */
  EMPTY_FOREVER,
  /** It reads nothing, for ever, and claims to be at the tip. */
  EMPTY_AT_TIP
}
