package io.watershed.archive;

import io.watershed.archive.CommitPlan.DayFile;
import io.watershed.archive.encode.DayEncoder;
import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** Files by {@link DayEncoder}, in a folder that is made for one commit and deleted with it. */
final class EncodedFiles implements CommitFiles {
  private final DayEncoder encoder;
  private final Path scratch;

  /**
   * @param scratch an existing folder on a local disk
   */
  EncodedFiles(DayEncoder encoder, Path scratch) {
    this.encoder = encoder;
    this.scratch = scratch;
  }

  @Override
  public <T> T write(
      ArchiveTable table,
      TableState base,
      Collection<DayFile> days,
      BiFunction<TableState, List<NewDataFile>, T> use) {
    if (days.isEmpty()) {
      return use.apply(base, List.of());
    }
    Path folder = makeFolder();
    try {
      TableState state = base;
      List<NewDataFile> files = new ArrayList<>();
      for (DayFile day : days) {
        Path file = folder.resolve(day.day() + ".parquet");
        EncodeOutcome outcome = encode(day, state, file);
        while (outcome instanceof EncodeOutcome.NeedsColumns missing) {
          state = table.addColumns(state, missing.grown());
          outcome = encode(day, state, file);
        }
        files.add(((EncodeOutcome.Encoded) outcome).file());
      }
      return use.apply(state, files);
    } finally {
      delete(folder);
    }
  }

  private EncodeOutcome encode(DayFile day, TableState state, Path file) {
    return encoder.encode(day.day(), day.records(), state.schema(), day.sums(), file);
  }

  private Path makeFolder() {
    try {
      return Files.createTempDirectory(scratch, "commit-");
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "No folder could be made in " + scratch + ": " + e.getMessage(),
          "Check that the disk is there, writable and not full.",
          e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException ignored) {
      // Left behind in the scratch folder; the commit does not depend on it.
    }
  }
}
