package io.watershed.localkinesis;

import java.util.List;
import java.util.Optional;

/**
 * Where a listing of shards goes on. Its token is opaque to clients, see {@link SignedTokens}.
 *
 * @param streamName the stream
 * @param streamCreatedMillis which life of it, if that matters
 * @param afterShardIndex shards up to this one are done
 * @param filter the filter that the first page asked for
 * @param issuedMillis when the token was given out; it expires after 5 minutes
 */
record ShardPage(
    String streamName,
    Optional<Long> streamCreatedMillis,
    int afterShardIndex,
    ShardFilter filter,
    long issuedMillis) {

  private static final long LIFETIME_MILLIS = 300_000;
  private static final String KIND = "shards";

  ShardPage after(LocalStream stream, LocalShard last, long nowMillis) {
    return new ShardPage(
        streamName, Optional.of(stream.createdMillis()), last.index(), filter, nowMillis);
  }

  void check(LocalStream stream, long nowMillis) {
    if (nowMillis - issuedMillis > LIFETIME_MILLIS) {
      throw ServiceError.of(
          "ExpiredNextTokenException", "The pagination token passed to the operation is expired.");
    }
    if (streamCreatedMillis.filter(created -> created != stream.createdMillis()).isPresent()) {
      throw ServiceError.notFound("Stream " + streamName + " of that creation time not found.");
    }
  }

  String sign(SignedTokens tokens) {
    return tokens.sign(
        List.of(
            KIND,
            streamName,
            streamCreatedMillis.map(String::valueOf).orElse(""),
            Integer.toString(afterShardIndex),
            filter.type().name(),
            Integer.toString(filter.afterShardIndex()),
            Long.toString(filter.timeMillis()),
            Long.toString(issuedMillis)));
  }

  static Optional<ShardPage> verify(String text, SignedTokens tokens) {
    return tokens
        .verify(text)
        .filter(fields -> fields.get(0).equals(KIND))
        .map(
            fields ->
                new ShardPage(
                    fields.get(1),
                    fields.get(2).isEmpty()
                        ? Optional.empty()
                        : Optional.of(Long.valueOf(fields.get(2))),
                    Integer.parseInt(fields.get(3)),
                    new ShardFilter(
                        ShardFilter.Type.valueOf(fields.get(4)),
                        Integer.parseInt(fields.get(5)),
                        Long.parseLong(fields.get(6))),
                    Long.parseLong(fields.get(7))));
  }
}
