package io.watershed.consumer;

/**
 * The place of one record in a stream. Positions of one partition key are ordered along its shards'
 * lineage, and nowhere else: {@link #compareAlongLineage} is for records of one key.
 *
 * @param stream one life of a stream (its incarnation): {@code <name>@<creation time>}
 * @param shard the Kinesis shard id
 * @param sequence the sequence number: decimal digits without leading zeros, at most {@value
 *     #MAX_SEQUENCE_DIGITS}
 * @param sub index inside an aggregated record, 0 otherwise
 */
public record Position(String stream, String shard, String sequence, long sub) {
  /** The most digits that Kinesis allows in a sequence number. */
  public static final int MAX_SEQUENCE_DIGITS = 129;

  /**
   * @throws IllegalArgumentException if the sequence number is not decimal or too long, or {@code
   *     sub} is negative
   */
  public Position {
    if (!isDecimal(sequence)) {
      throw new IllegalArgumentException(
          "a sequence number is 1 to " + MAX_SEQUENCE_DIGITS + " decimal digits");
    }
    sequence = withoutLeadingZeros(sequence);
    if (sub < 0) {
      throw new IllegalArgumentException("sub-sequence number " + sub + " is negative");
    }
  }

  /** Whether two positions can be compared: both are in the same life of the same stream. */
  public boolean isComparableTo(Position other) {
    return stream.equals(other.stream);
  }

  /**
   * Negative, zero or positive as this record came before, is, or came after the other one, if both
   * are of the same partition key. The shard plays no part: a child shard's numbers are above its
   * parents'.
   *
   * @throws IllegalArgumentException if the two are not in the same incarnation
   */
  public int compareAlongLineage(Position other) {
    if (!isComparableTo(other)) {
      throw new IllegalArgumentException(
          "positions of " + stream + " and " + other.stream + " have no order");
    }
    int byLength = Integer.compare(sequence.length(), other.sequence.length());
    if (byLength != 0) {
      return byLength;
    }
    int bySequence = sequence.compareTo(other.sequence);
    return bySequence != 0 ? bySequence : Long.compare(sub, other.sub);
  }

  private static boolean isDecimal(String text) {
    if (text.isEmpty() || text.length() > MAX_SEQUENCE_DIGITS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String withoutLeadingZeros(String digits) {
    int start = 0;
    while (start < digits.length() - 1 && digits.charAt(start) == '0') {
      start++;
    }
    return start == 0 ? digits : digits.substring(start);
  }
}
