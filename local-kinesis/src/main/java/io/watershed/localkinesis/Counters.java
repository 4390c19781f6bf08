package io.watershed.localkinesis;

import java.util.Map;
import java.util.TreeMap;

/** Counts what happens. Guarded by the account's lock. */
final class Counters {
  private final Map<String, Long> requests = new TreeMap<>();
  private long recordsPut;
  private long bytesPut;
  private long recordsRead;
  private long bytesRead;
  private long throttled;

  void request(String operation) {
    requests.merge(operation, 1L, Long::sum);
  }

  void put(long bytes) {
    recordsPut++;
    bytesPut += bytes;
  }

  void read(long records, long bytes) {
    recordsRead += records;
    bytesRead += bytes;
  }

  void throttle() {
    throttled++;
  }

  LocalKinesisCounters snapshot(HeldBytes held) {
    return new LocalKinesisCounters(
        requests,
        recordsPut,
        bytesPut,
        recordsRead,
        bytesRead,
        throttled,
        held.records(),
        held.bytes());
  }
}
