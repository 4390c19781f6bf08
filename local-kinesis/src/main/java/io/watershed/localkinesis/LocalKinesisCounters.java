package io.watershed.localkinesis;

import java.util.Map;

/**
 * What an endpoint has done since it started, and what it holds now.
 *
 * @param requests requests per operation, refused ones included
 * @param recordsPut records accepted
 * @param bytesPut their payload bytes
 * @param recordsRead records returned by reads
 * @param bytesRead their payload bytes
 * @param throttled whole requests and single records that were refused as over a limit
 * @param recordsHeld records in memory
 * @param bytesHeld as counted against {@link LocalKinesisSettings#maxBytesHeld()}
 */
public record LocalKinesisCounters(
    Map<String, Long> requests,
    long recordsPut,
    long bytesPut,
    long recordsRead,
    long bytesRead,
    long throttled,
    long recordsHeld,
    long bytesHeld) {
  public LocalKinesisCounters {
    requests = Map.copyOf(requests);
  }
}
