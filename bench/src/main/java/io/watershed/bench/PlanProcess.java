package io.watershed.bench;

import io.watershed.core.config.AwsAccess;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A process of its own that plans once, to see what a first plan takes in time and memory. */
final class PlanProcess {
  private PlanProcess() {}

  /**
   * A first plan.
   *
   * @param files in the plan
   * @param millis from the look for the table to the list of files, with a JVM that has seen none
   *     of it
   * @param peakBytes the largest resident size of the process
   */
  record Planned(long files, long millis, long peakBytes) {}

  static Planned plan(Path folder, Path root, Instant from, Instant before) throws Exception {
    Process process =
        Processes.start(
            PlanProcess.class,
            List.of("-Xmx512m", Processes.quiet(folder)),
            List.of(root.toString(), from.toString(), before.toString()));
    try {
      long[] words =
          Arrays.stream(Processes.result(process).split(" ")).mapToLong(Long::parseLong).toArray();
      return new Planned(words[0], words[1], words[2]);
    } finally {
      process.destroy();
      int unused = process.waitFor();
    }
  }

  /** Arguments: the reservoir's folder, the first arrival, the end of the arrivals. */
  public static void main(String[] args) throws IOException {
    try (Reservoir reservoir = Reservoir.open(args[0], AwsAccess.DEFAULT)) {
      long begun = System.nanoTime();
      ArchiveTable table = reservoir.archive(LargeTable.STREAM);
      List<DataFileInfo> files =
          table.files(
              table.load(),
              FileFilter.arrivedBetween(
                  Optional.of(Instant.parse(args[1])), Optional.of(Instant.parse(args[2]))));
      long millis = (System.nanoTime() - begun) / 1_000_000;
      System.out.println(
          Processes.RESULT + files.size() + " " + millis + " " + Processes.peakBytes());
    }
  }
}
