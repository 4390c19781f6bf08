package io.watershed.localkinesis;

import java.util.List;
import java.util.Optional;

/**
 * A place to read from. Opaque to clients, see {@link SignedTokens}.
 *
 * @param streamName the stream
 * @param streamCreatedMillis which life of the stream
 * @param shardIndex the shard
 * @param nextIndex index of the record to read next
 * @param issuedMillis when it was given out; it expires
 * @param stuck it never reads anything, as {@link TrimmedPosition} asks
 */
record ShardIterator(
    String streamName,
    long streamCreatedMillis,
    int shardIndex,
    long nextIndex,
    long issuedMillis,
    boolean stuck) {

  /** How long an iterator is good for, in milliseconds: 5 minutes. */
  static final long LIFETIME_MILLIS = 300_000;

  private static final String KIND = "iterator";

  String sign(SignedTokens tokens) {
    return tokens.sign(
        List.of(
            KIND,
            streamName,
            Long.toString(streamCreatedMillis),
            Integer.toString(shardIndex),
            Long.toString(nextIndex),
            Long.toString(issuedMillis),
            Boolean.toString(stuck)));
  }

  static Optional<ShardIterator> verify(String text, SignedTokens tokens) {
    return tokens
        .verify(text)
        .filter(fields -> fields.get(0).equals(KIND))
        .map(
            fields ->
                new ShardIterator(
                    fields.get(1),
                    Long.parseLong(fields.get(2)),
                    Integer.parseInt(fields.get(3)),
                    Long.parseLong(fields.get(4)),
                    Long.parseLong(fields.get(5)),
                    Boolean.parseBoolean(fields.get(6))));
  }

  ShardIterator next(long index, long nowMillis) {
    return new ShardIterator(streamName, streamCreatedMillis, shardIndex, index, nowMillis, stuck);
  }
}
