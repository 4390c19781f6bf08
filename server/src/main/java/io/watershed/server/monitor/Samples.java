package io.watershed.server.monitor;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Samples collected by the name of their metric. Used by one thread. */
public final class Samples {
  private final Map<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
  private final Map<String, CounterSnapshot.Builder> counters = new TreeMap<>();

  /**
   * A value that goes up and down.
   *
   * @param labels names and values in turn
   */
  public void gauge(String name, String help, Number value, String... labels) {
    gauges
        .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(key).help(help))
        .dataPoint(
            GaugeDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  /**
   * A value that only grows.
   *
   * @param name without the suffix {@code _total}, which the format adds
   */
  public void counter(String name, String help, Number value, String... labels) {
    counters
        .computeIfAbsent(name, key -> CounterSnapshot.builder().name(key).help(help))
        .dataPoint(
            CounterDataPointSnapshot.builder()
                .value(value.doubleValue())
                .labels(Labels.of(labels))
                .build());
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    gauges.values().forEach(builder -> all.add(builder.build()));
    counters.values().forEach(builder -> all.add(builder.build()));
    return new MetricSnapshots(all);
  }
}
