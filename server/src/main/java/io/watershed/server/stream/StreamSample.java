package io.watershed.server.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.overview.StreamOverview;
import io.watershed.server.JsonTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One stream at one moment, for charts. */
record StreamSample(
    Instant time,
    long records,
    long bytes,
    long files,
    @Nullable Double lagSeconds,
    @Nullable Double recordsPerSecond,
    @Nullable Double bytesPerSecond) {

  static StreamSample of(StreamOverview overview, Instant time) {
    return new StreamSample(
        time,
        overview.records(),
        overview.bytes(),
        overview.files(),
        JsonTime.seconds(overview.lag()),
        overview.recordsPerSecond().orElse(null),
        overview.bytesPerSecond().orElse(null));
  }

  void put(ObjectNode json) {
    json.put("time", time.toString())
        .put("records", records)
        .put("rows", records)
        .put("bytes", bytes)
        .put("files", files)
        .put("lag_seconds", lagSeconds)
        .put("records_per_second", recordsPerSecond)
        .put("bytes_per_second", bytesPerSecond);
  }
}
