package io.watershed.kinesis;

/**
 * What an {@link OrderedWriter} has done since it was opened, and what it holds.
 *
 * @param accepted records given to it
 * @param acknowledged records that the target has confirmed
 * @param acknowledgedBytes their payloads and partition keys
 * @param requests PutRecords calls
 * @param sent records in those calls, repeated ones included
 * @param throttled records, or records of whole calls, that the target was too busy for
 * @param retried records that were, or will be, sent again for any reason
 * @param outcomeUnknown of these: whole calls that failed after they may have been written, so that
 *     the target may hold the record twice
 * @param inFlightRequests calls without an answer
 * @param inFlightRecords records in them
 * @param bufferedRecords records between the oldest unacknowledged one and the newest accepted
 * @param bufferedBytes payloads and partition keys held
 * @param blockedRecords of the buffered ones: waiting for an earlier record of their own key. Many
 *     of them mean that a few hot keys set the pace
 * @param hottestKeyShare the part of the unacknowledged records that are of one key, the most
 *     frequent one's: 0 to 1. A key has one record (or one pack) under way at a time, so one that
 *     fills the buffer is bound by the round trip
 * @param recordsPerSecond the pace now over all shards; infinite if there is none
 */
public record WriteStatistics(
    long accepted,
    long acknowledged,
    long acknowledgedBytes,
    long requests,
    long sent,
    long throttled,
    long retried,
    long outcomeUnknown,
    int inFlightRequests,
    int inFlightRecords,
    int bufferedRecords,
    long bufferedBytes,
    int blockedRecords,
    double hottestKeyShare,
    double recordsPerSecond) {}
