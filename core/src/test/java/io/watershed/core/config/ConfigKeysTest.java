package io.watershed.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.PayloadSettings.Documents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Asserts every key, its default and its effect: a renamed key breaks somebody's file. */
class ConfigKeysTest {
  @Test
  void everyKeyAndDefaultIsWhatTheDocumentsSay() {
    assertThat(lines(ConfigKeys.AWS))
        .containsExactly(
            "region: -",
            "profile: -",
            "endpoint_url: -",
            "role_arn: -",
            "external_id: -",
            "local_credentials: false");
    assertThat(lines(ConfigKeys.RESERVOIR))
        .containsExactly(
            "location: watershed-data",
            "kms_key: -",
            "region: -",
            "profile: -",
            "endpoint_url: -",
            "role_arn: -",
            "external_id: -",
            "local_credentials: false");
    assertThat(lines(ConfigKeys.DRILL))
        .containsExactly(
            "drillbits: 127.0.0.1:31010", "storage: watershed", "user: -", "password_file: -");
    assertThat(lines(ConfigKeys.CATALOG))
        .containsExactly(
            "type: none",
            "database: watershed",
            "region: -",
            "profile: -",
            "endpoint_url: -",
            "role_arn: -",
            "external_id: -",
            "local_credentials: false");
    assertThat(lines(ConfigKeys.DEFAULTS))
        .containsExactly(
            "commit_interval: 5m",
            "commit_size: 48MiB",
            "format: json",
            "compression: auto",
            "documents: one",
            "replayed: skip",
            "stream_buffer: 128MiB",
            "process_buffer: 256MiB",
            "poll_interval: 1s",
            "outage_limit: 15m",
            "trim_alarm: 6h",
            "maintenance: auto",
            "maintenance_share: 0.1",
            "compact_size: 64MiB",
            "live_timeout: 30s",
            "live_max_records: 1000000",
            "live_max_size: 512MiB",
            "engine: duckdb",
            "sql_timeout: 1m",
            "sql_memory: 1GiB",
            "sql_spill: 4GiB",
            "sql_max_rows: 100000000",
            "sql_cache: 10GiB",
            "replay_targets: *",
            "replay_max_records: 1000000000",
            "replay_target_keys: 1000000",
            "replay_lease: 30s");
    assertThat(lines(ConfigKeys.STREAM))
        .containsExactly(
            "alias: -",
            "region: -",
            "profile: -",
            "endpoint_url: -",
            "role_arn: -",
            "external_id: -",
            "local_credentials: false",
            "commit_interval: 5m",
            "commit_size: 48MiB",
            "format: json",
            "compression: auto",
            "documents: one",
            "replayed: skip",
            "keep: -",
            "schema: inferred",
            "columns: -",
            "csv_delimiter: ,",
            "avro_frame: none",
            "avro_schema: -",
            "avro_schemas: -",
            "avro_registry: -");
  }

  @Test
  void everyDefaultsKeyReachesTheSettingItNames() {
    WatershedConfig config =
        parse(
            """
            defaults:
              commit_interval: 1s
              commit_size: 2MB
              format: raw
              compression: gzip
              documents: many
              replayed: keep
              stream_buffer: 3MB
              process_buffer: 4MB
              poll_interval: 5s
              outage_limit: 6s
              trim_alarm: 61s
              maintenance: off
              maintenance_share: 0.5
              compact_size: 15MB
              live_timeout: 7s
              live_max_records: 8
              live_max_size: 9kB
              sql_timeout: 10s
              sql_memory: 110MB
              sql_spill: 12MB
              sql_max_rows: 13
              sql_cache: 14MB
              replay_targets: orders-test, *-copy
              replay_max_records: 15
              replay_target_keys: 17
              replay_lease: 16s
            streams:
              orders:
              clicks: {keep: 7y, commit_interval: 21s, commit_size: 22MB, format: json, compression: none, documents: one, replayed: skip}
            """);

    ArchiveSettings archive =
        ArchiveSettings.DEFAULTS
            .withCommitInterval(Duration.ofSeconds(1))
            .withCommitBytes(2_000_000)
            .withBuffers(3_000_000, 4_000_000)
            .withPollInterval(Duration.ofSeconds(5))
            .withOutageLimit(Duration.ofSeconds(6))
            .withTrimAlarm(Duration.ofSeconds(61));
    assertThat(config.template().archive()).isEqualTo(archive);
    assertThat(config.stream("orders").archive()).isEqualTo(archive);
    assertThat(config.stream("clicks").archive())
        .isEqualTo(archive.withCommitInterval(Duration.ofSeconds(21)).withCommitBytes(22_000_000));
    assertThat(config.template().payload().format()).isEqualTo("raw");
    assertThat(config.stream("orders").payload().format()).isEqualTo("raw");
    assertThat(config.stream("clicks").payload().format()).isEqualTo("json");
    assertThat(config.template().payload().compression()).isEqualTo(Compression.GZIP);
    assertThat(config.template().payload().documents()).isEqualTo(Documents.MANY);
    assertThat(config.stream("clicks").payload().compression()).isEqualTo(Compression.NONE);
    assertThat(config.stream("clicks").payload().documents()).isEqualTo(Documents.ONE);
    MaintenanceSettings maintenance =
        MaintenanceSettings.DEFAULTS.withAutomatic(false, 0.5).withFileBytes(15_000_000);
    assertThat(config.stream("orders").maintenance()).isEqualTo(maintenance);
    assertThat(config.stream("clicks").maintenance())
        .isEqualTo(maintenance.withKeep(Optional.of(Duration.ofDays(7 * 366))));
    assertThat(config.stream("orders").keepsReplayed()).isTrue();
    assertThat(config.stream("clicks").keepsReplayed()).isFalse();
    assertThat(config.live().timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.live().maxRecords()).isEqualTo(8);
    assertThat(config.live().maxBytes()).isEqualTo(9_000);
    assertThat(config.sql().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.sql().memoryBytes()).isEqualTo(110_000_000);
    assertThat(config.sql().spillBytes()).isEqualTo(12_000_000);
    assertThat(config.sql().maxRows()).isEqualTo(13);
    assertThat(config.sql().cacheBytes()).isEqualTo(14_000_000);
    assertThat(config.replay())
        .isEqualTo(
            new ReplayGuards(List.of("orders-test", "*-copy"), 15, 17, Duration.ofSeconds(16)));
  }

  @Test
  void withoutAFileTheSettingsAreTheModulesOwnDefaults() {
    WatershedConfig config = parse("");

    assertThat(config.template().archive()).isEqualTo(ArchiveSettings.DEFAULTS);
    assertThat(config.template().payload()).isEqualTo(PayloadSettings.DEFAULTS);
    assertThat(config.live()).isEqualTo(LiveReadSettings.DEFAULTS);
    assertThat(config.sql()).isEqualTo(SqlSettings.DEFAULTS);
  }

  @Test
  void everyDefaultLiesWithinItsOwnBoundsAndReadsBack() {
    for (ConfigKey<?> key : ConfigKeys.DEFAULTS) {
      readsBack(key);
    }
  }

  private static <T> void readsBack(ConfigKey<T> key) {
    String text = key.defaultText().orElseThrow();
    assertThat(key.type().parse(text)).as(key.name()).isEqualTo(key.defaultValue().orElseThrow());
  }

  private static List<String> lines(List<ConfigKey<?>> keys) {
    return keys.stream().map(key -> key.name() + ": " + key.defaultText().orElse("-")).toList();
  }

  private static WatershedConfig parse(String text) {
    return new ConfigLoader(ConfigOverrides.NONE).parse(Path.of("watershed.yaml"), text);
  }
}
