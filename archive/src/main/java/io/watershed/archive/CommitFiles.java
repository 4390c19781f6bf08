package io.watershed.archive;

import io.watershed.archive.CommitPlan.DayFile;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.TableState;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** How the records of a commit become columns and files. Blocks; one call at a time. */
interface CommitFiles {
  /**
   * Writes one file for each day, hands them to the use, and deletes them. Columns that the records
   * need and the table lacks are added before, in commits of their own (PROTOCOL 3.6).
   *
   * @param use gets the state to commit on (the base, or what adding columns made of it) and the
   *     files
   */
  <T> T write(
      ArchiveTable table,
      TableState base,
      Collection<DayFile> days,
      BiFunction<TableState, List<NewDataFile>, T> use);
}
