package io.watershed.archive;

import io.watershed.archive.CommitPlan.DayFile;
import io.watershed.archive.encode.DayEncoder;
import io.watershed.archive.encode.EncodeOutcome;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
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
    try (ScratchFolder folder = ScratchFolder.in(scratch, "commit")) {
      TableState state = base;
      List<NewDataFile> files = new ArrayList<>();
      for (DayFile day : days) {
        Path file = folder.path().resolve(day.day() + ".parquet");
        EncodeOutcome outcome = encode(day, state, file);
        while (outcome instanceof EncodeOutcome.NeedsColumns missing) {
          state = table.addColumns(state, missing.grown());
          outcome = encode(day, state, file);
        }
        files.add(((EncodeOutcome.Encoded) outcome).file());
      }
      return use.apply(state, files);
    }
  }

  private EncodeOutcome encode(DayFile day, TableState state, Path file) {
    return encoder.encode(day.day(), day.records(), state.schema(), day.sums(), file);
  }
}
