package io.watershed.archive.maintain;

import io.watershed.archive.encode.Encoder;
import io.watershed.core.config.DuckDbSettings;
import io.watershed.core.config.EncoderSettings;
import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.reservoir.Reservoir;
import java.time.InstantSource;
import java.util.Optional;

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
  private final ScratchFolder scratch;

  /** Starts the embedded encoder. */
  public LocalMaintenance(Reservoir reservoir, InstantSource clock) {
    this.reservoir = reservoir;
    this.clock = clock;
    this.scratch = ScratchFolder.temporary("maintain");
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
    return new Maintenance(reservoir, own::encode, rows, scratch.path(), clock)
        .run(stream, options);
  }

  @Override
  public void close() {
    encoder.close();
    rows.close();
    scratch.close();
  }
}
