package io.watershed.archive.maintain;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.reservoir.Reservoir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link Maintenance} with the real encoder, a reader and a folder of its own; close it. */
public final class LocalMaintenance implements AutoCloseable {
  /** As an archiver's, with half its memory: it is the guest. */
  private static final EncoderSettings SMALL =
      new EncoderSettings(
          new DuckDbSettings(320L << 20, 1, Optional.empty(), 0),
          EncoderSettings.DEFAULTS.zstdLevel(),
          EncoderSettings.DEFAULTS.rowGroupRows(),
          16L << 20,
          EncoderSettings.DEFAULTS.rowGroupCells() / 2,
          EncoderSettings.DEFAULTS.dataPageBytes(),
          EncoderSettings.DEFAULTS.dictionaryEntries());

  private final Reservoir reservoir;
  private final InstantSource clock;
  private final Encoder encoder;
  private final ParquetRows rows;
  private final Path scratch;

  /** Starts the embedded encoder. */
  public LocalMaintenance(Reservoir reservoir, InstantSource clock) {
    this.reservoir = reservoir;
    this.clock = clock;
    this.scratch = makeScratch();
    this.encoder = new Encoder(SMALL, SchemaSettings.DEFAULTS, PayloadFormat.JSON);
    this.rows = new ParquetRows();
  }

  /**
   * Maintains one stream, as {@link Maintenance#run}.
   *
   * @param format how its payloads are decoded
   */
  public MaintenanceReport run(String stream, PayloadFormat format, MaintenanceOptions options) {
    Encoder own = encoder.forFormat(format);
    return new Maintenance(reservoir, own::encode, rows, scratch, clock).run(stream, options);
  }

  private static Path makeScratch() {
    try {
      return Files.createTempDirectory("watershed-maintain-");
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "No temporary folder could be made: " + e.getMessage(),
          "Set -Djava.io.tmpdir to a folder on a disk that is writable and not full.",
          e);
    }
  }

  @Override
  public void close() {
    encoder.close();
    rows.close();
    try (Stream<Path> paths = Files.walk(scratch)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException ignored) {
      // A temporary folder that stays behind harms nobody.
    }
  }
}
