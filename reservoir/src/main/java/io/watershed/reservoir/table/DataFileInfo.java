package io.watershed.reservoir.table;

import io.watershed.core.record.ShardKey;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * One data file of a snapshot.
 *
 * @param key object key relative to the reservoir's root
 * @param sizeBytes size of the object
 * @param rows number of records
 * @param day the UTC day of its records
 * @param minShard lowest shard in the file by (incarnation, shard id) bounds, if known
 * @param maxShard highest shard, if known
 * @param minSequence padded lowest sequence number, if known
 * @param maxSequence padded highest sequence number, if known
 * @param columns names of the top-level physical columns that the file holds, and the paths of
 *     their leaves, such as {@code customer.city}; empty if unknown
 */
public record DataFileInfo(
    String key,
    long sizeBytes,
    long rows,
    LocalDate day,
    Optional<ShardKey> minShard,
    Optional<ShardKey> maxShard,
    Optional<String> minSequence,
    Optional<String> maxSequence,
    Set<String> columns) {}
