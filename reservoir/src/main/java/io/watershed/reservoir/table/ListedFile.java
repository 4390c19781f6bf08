package io.watershed.reservoir.table;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One data file of a snapshot, as the metadata describe it to a person.
 *
 * @param key object key relative to the reservoir's root
 * @param day the UTC day of its records
 * @param rows number of records
 * @param sizeBytes size of the object
 * @param addedSequence Iceberg's sequence number of the snapshot that added it
 * @param addedSnapshot the id of that snapshot; empty if it has expired
 * @param firstArrival the earliest arrival time in it, if known
 * @param lastArrival the latest arrival time in it, if known
 * @param rowGroups number of Parquet row groups, if known
 */
public record ListedFile(
    String key,
    LocalDate day,
    long rows,
    long sizeBytes,
    OptionalLong addedSequence,
    OptionalLong addedSnapshot,
    Optional<Instant> firstArrival,
    Optional<Instant> lastArrival,
    OptionalInt rowGroups) {}
