package io.watershed.query.follow;

import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.duckdb.SqlText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to follow.
 *
 * @param stream the stream's name in the reservoir
 * @param start where to begin
 * @param until only records that arrived before, and the end once every shard is past it; empty for
 *     no such end
 * @param key only records of this partition key
 * @param shard only records of shards with this id
 * @param where a SQL predicate over the columns of the view, checked by the gate
 * @param follow whether to go on with what arrives later; else it ends when everything is delivered
 *     that was there at the start
 * @param limit how many records to deliver at most
 */
public record FollowRequest(
    String stream,
    FollowStart start,
    Optional<Instant> until,
    Optional<String> key,
    Optional<String> shard,
    Optional<String> where,
    boolean follow,
    OptionalLong limit) {
  /** All records from there on, for ever. */
  public static FollowRequest of(String stream, FollowStart start) {
    return new FollowRequest(
        stream,
        start,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        OptionalLong.empty());
  }

  /** The same with an end. */
  public FollowRequest until(Instant time) {
    return new FollowRequest(stream, start, Optional.of(time), key, shard, where, follow, limit);
  }

  /** The same for records of a partition key; cheaper than a predicate. */
  public FollowRequest key(String partitionKey) {
    return new FollowRequest(
        stream, start, until, Optional.of(partitionKey), shard, where, follow, limit);
  }

  /** The same for records of a shard; cheaper than a predicate. */
  public FollowRequest shard(String shardId) {
    return new FollowRequest(stream, start, until, key, Optional.of(shardId), where, follow, limit);
  }

  /** The same for records for which this holds. */
  public FollowRequest where(String predicate) {
    return new FollowRequest(
        stream, start, until, key, shard, Optional.of(predicate), follow, limit);
  }

  /** The same up to what is there now. */
  public FollowRequest withoutFollowing() {
    return new FollowRequest(stream, start, until, key, shard, where, false, limit);
  }

  /** The same for so many records. */
  public FollowRequest limit(long records) {
    return new FollowRequest(
        stream, start, until, key, shard, where, follow, OptionalLong.of(records));
  }

  /** Whether key and shard are those of the record. */
  boolean names(StreamRecord record) {
    return key.filter(name -> !name.equals(record.partitionKey())).isEmpty()
        && shard.filter(id -> !id.equals(record.shard().shardId())).isEmpty();
  }

  /** Key, shard and predicate as one predicate. */
  Optional<String> allAsSql() {
    List<String> all = new ArrayList<>();
    key.ifPresent(name -> all.add(equal(SystemColumn.PARTITION_KEY, name)));
    shard.ifPresent(id -> all.add(equal(SystemColumn.SHARD_ID, id)));
    where.ifPresent(predicate -> all.add("(\n" + predicate + "\n)"));
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(" AND ", all));
  }

  private static String equal(SystemColumn column, String text) {
    return column.columnName() + " = " + SqlText.literal(text);
  }
}
