package io.watershed.kinesis;

import io.watershed.core.stream.Incarnation;
import java.time.Duration;

/**
 * What DescribeStreamSummary says of a stream.
 *
 * @param name the stream's name
 * @param incarnation ARN and creation time
 * @param status {@code ACTIVE}, {@code UPDATING}, {@code CREATING} or {@code DELETING}
 * @param retention how long the stream keeps records
 * @param openShards shards that accept records now
 * @param maxRecordBytes the largest record that the stream accepts
 */
public record StreamDescription(
    String name,
    Incarnation incarnation,
    String status,
    Duration retention,
    int openShards,
    long maxRecordBytes) {}
