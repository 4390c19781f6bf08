package io.watershed.cut;

import java.time.Duration;

/**
 * What one shard's first records tell of the rest.
 *
 * @param records how many were read
 * @param bytes their payloads
 * @param span between the arrivals of the first and the last one
 * @param behind how much of the stream's time is still to be read; zero if nothing is, or if a
 *     condition may end the read at any moment
 */
record Outlook(long records, long bytes, Duration span, Duration behind) {}
