package io.watershed.server.monitor;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.watershed.archive.ShardStatus;
import io.watershed.archive.StreamStatus;
import io.watershed.archive.StreamStatus.Phase;
import io.watershed.archive.TrimForecast;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The archivers' status in the text format of Prometheus
 * (https://prometheus.io/docs/instrumenting/exposition_formats). Names and labels are a contract;
 * {@code docs/operations.md} lists them.
 */
public final class ArchiveMetrics {
  private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

  private ArchiveMetrics() {}

  /**
   * The page for these streams.
   *
   * @param more adds what else is counted
   */
  public static Page page(List<StreamStatus> streams, Consumer<Samples> more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      WRITER.write(out, snapshots(streams, more), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(200, WRITER.getContentType(), out.toByteArray());
  }

  private static MetricSnapshots snapshots(List<StreamStatus> streams, Consumer<Samples> more) {
    Samples samples = new Samples();
    streams.forEach(stream -> add(samples, stream));
    more.accept(samples);
    samples.gauge(
        "jvm_memory_used_bytes",
        "Memory that the JVM uses.",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        "area",
        "heap");
    return samples.snapshots();
  }

  private static void add(Samples samples, StreamStatus stream) {
    String name = stream.stream();
    samples.gauge(
        "watershed_stream_up",
        "1 while the stream is read and committed.",
        stream.phase() == Phase.RUNNING ? 1 : 0,
        "stream",
        name);
    samples.gauge(
        "watershed_stream_troubled",
        "1 while a request is being retried; health and log say which.",
        stream.trouble().isPresent() ? 1 : 0,
        "stream",
        name);
    samples.counter(
        "watershed_archived_records", "Records committed.", stream.records(), "stream", name);
    samples.counter(
        "watershed_skipped_records",
        "Replayed records that were counted instead of archived again.",
        stream.skipped(),
        "stream",
        name);
    samples.counter("watershed_commits", "Commits.", stream.commits(), "stream", name);
    samples.counter(
        "watershed_gaps",
        "Gaps recorded: records may have been trimmed before they were read.",
        stream.gaps(),
        "stream",
        name);
    samples.counter(
        "watershed_fences",
        "Encounters with another archiver of the same table.",
        stream.fences(),
        "stream",
        name);
    samples.gauge(
        "watershed_buffered_bytes",
        "Bytes read but not committed.",
        stream.bufferedBytes(),
        "stream",
        name);
    stream
        .lastCommit()
        .ifPresent(
            time ->
                samples.gauge(
                    "watershed_last_commit_timestamp_seconds",
                    "When the last commit of this run ended, in Unix time.",
                    seconds(time),
                    "stream",
                    name));
    samples.gauge(
        "watershed_trim_alarms",
        "Shards that will lose data soon at their current rate.",
        stream.alarms(),
        "stream",
        name);
    stream.shards().forEach(shard -> add(samples, name, shard));
  }

  private static void add(Samples samples, String stream, ShardStatus shard) {
    String[] labels = {"stream", stream, "shard", shard.shard().shardId()};
    samples.gauge(
        "watershed_shard_archived_records",
        "Records archived since the shard's start.",
        shard.committedRows(),
        labels);
    samples.gauge(
        "watershed_shard_buffered_records",
        "Records read but not committed.",
        shard.bufferedRecords(),
        labels);
    shard
        .behind()
        .ifPresent(
            behind ->
                samples.gauge(
                    "watershed_shard_behind_seconds",
                    "How far the last read was behind the shard's tip.",
                    seconds(behind),
                    labels));
    shard.forecast().ifPresent(forecast -> add(samples, forecast, labels));
  }

  private static void add(Samples samples, TrimForecast forecast, String... labels) {
    samples.gauge(
        "watershed_shard_trim_margin_seconds",
        "How far the reader is ahead of the trim horizon.",
        seconds(forecast.margin()),
        labels);
    samples.gauge(
        "watershed_shard_read_bytes_per_second",
        "Payload bytes read, lately.",
        forecast.bytesPerSecond(),
        labels);
    // Absent when no data will be lost: then there is nothing to alert on.
    forecast
        .lossIn()
        .ifPresent(
            time ->
                samples.gauge(
                    "watershed_shard_loss_in_seconds",
                    "The time until data is lost at the current rate.",
                    seconds(time),
                    labels));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1e3;
  }
}
