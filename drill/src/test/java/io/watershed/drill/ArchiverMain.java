package io.watershed.drill;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.maintain.LocalMaintenance;
import io.watershed.archive.maintain.MaintenanceOptions;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.MaintenanceSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.reservoir.Reservoir;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The archiver in a process of its own: what it writes Parquet with is newer than what Drill reads
 * Parquet with, and the two do not live in one class path. Takes commands on its input, {@code
 * archive orders} and {@code compact orders}, and answers each with one line.
 */
public final class ArchiverMain {
  private ArchiverMain() {}

  /** Takes the path of a configuration. */
  public static void main(String[] args) throws Exception {
    WatershedConfig config = new ConfigLoader(ConfigOverrides.NONE).load(Path.of(args[0]));
    try (Reservoir reservoir = Reservoir.open(config.reservoir());
        KinesisStreams streams =
            KinesisStreams.open(config.streams().get(0).access().orDummyKeys(System.getenv()));
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ");
        System.out.println(answer(reservoir, streams, words[0], words[1]));
      }
    }
  }

  private static String answer(
      Reservoir reservoir, KinesisStreams streams, String command, String stream) {
    try {
      if (command.equals("archive")) {
        archive(reservoir, streams, stream);
      } else {
        compact(reservoir, stream);
      }
      return "done";
    } catch (RuntimeException e) {
      return "failed: " + e;
    }
  }

  private static void archive(Reservoir reservoir, KinesisStreams streams, String stream) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(stream, () -> streams.source(stream))),
            ArchiveSettings.DEFAULTS,
            ShardReadSettings.DEFAULTS,
            EncoderSettings.DEFAULTS,
            SchemaSettings.DEFAULTS,
            InstantSource.system())) {
      var failure = service.run(ArchiveMode.ONCE, new StopSignal()).streams().get(0).failure();
      if (failure.isPresent()) {
        throw new IllegalStateException(failure.get().toString());
      }
    }
  }

  /** As if two days had passed: what is of today, or yesterday, is then of a closed day. */
  private static void compact(Reservoir reservoir, String stream) {
    InstantSource later = () -> Instant.now().plus(Duration.ofDays(2));
    try (LocalMaintenance maintenance = new LocalMaintenance(reservoir, later)) {
      maintenance.run(
          stream, PayloadFormat.JSON, MaintenanceOptions.of(MaintenanceSettings.DEFAULTS));
    }
  }
}
