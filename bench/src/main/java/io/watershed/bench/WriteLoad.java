package io.watershed.bench;

import io.watershed.core.config.OrderedWriteSettings;
import io.watershed.core.time.RealScheduler;
import io.watershed.kinesis.OrderedWriter;
import io.watershed.kinesis.SampledTraffic;
import io.watershed.kinesis.StreamSink;
import io.watershed.kinesis.TargetTraffic;
import io.watershed.kinesis.WriteStatistics;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes numbered records into a stream for some time, as a replay does. What is counted begins
 * when each shard was looked at for what others write: until then a writer allows itself a tenth.
 */
final class WriteLoad {
  private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

  private final OrderedWriteSettings settings;
  private final boolean measured;
  private final Duration warmUp;
  private final Duration counted;

  /**
   * @param measured whether what others write is measured, as a replay does
   */
  WriteLoad(OrderedWriteSettings settings, boolean measured, Duration warmUp, Duration counted) {
    this.settings = settings;
    this.measured = measured;
    this.warmUp = warmUp;
    this.counted = counted;
  }

  /**
   * What came of it.
   *
   * @param recordsPerSecond acknowledged, without the warm-up
   * @param end everything that was done
   * @param cpuSeconds processor time of this process for one second of it
   */
  record Written(double recordsPerSecond, WriteStatistics end, double cpuSeconds) {}

  Written write(StreamSink sink, NumberedRecords records, RealScheduler scheduler) {
    Set<String> looked = ConcurrentHashMap.newKeySet();
    Optional<TargetTraffic> traffic =
        sink.reader()
            .filter(reader -> measured)
            .map(reader -> new SampledTraffic(reader, settings.traffic(), scheduler))
            .map(samples -> noting(looked, samples));
    int toLookAt = traffic.isPresent() ? sink.openShards().join().size() : 0;
    try (OrderedWriter<Boolean> writer =
        OrderedWriter.<Boolean>open(
                sink, settings, traffic, scheduler, new SplittableRandom(), (token, written) -> {})
            .join()) {
      writeFor(warmUp, writer, records);
      long giveUp = System.nanoTime() + LONGEST_LOOK.toNanos();
      while (looked.size() < toLookAt && System.nanoTime() < giveUp) {
        writeFor(Duration.ofMillis(100), writer, records);
      }
      long before = writer.statistics().acknowledged();
      long cpu = References.processCpuNanos();
      long start = System.nanoTime();
      writeFor(counted, writer, records);
      double seconds = (System.nanoTime() - start) / 1e9;
      long acknowledged = writer.statistics().acknowledged() - before;
      double cpuSeconds = (References.processCpuNanos() - cpu) / 1e9 / seconds;
      writer.flush().join();
      return new Written(acknowledged / seconds, writer.statistics(), cpuSeconds);
    }
  }

  private static TargetTraffic noting(Set<String> looked, TargetTraffic samples) {
    return (shardId, own) ->
        samples
            .others(shardId, own)
            .whenComplete(
                (rate, thrown) -> {
                  if (rate != null && rate.isPresent()) {
                    looked.add(shardId);
                  }
                });
  }

  private static void writeFor(
      Duration duration, OrderedWriter<Boolean> writer, NumberedRecords records) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      writer.write(records.next(), true).join();
    }
  }
}
