package io.watershed.bench;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.StopSignal;
import io.watershed.archive.StreamOutcome;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.AwsAccess;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/**
 * A process of its own: the archiver as it runs in production. It archives the stream some times
 * before the time that counts (an archiver runs for weeks), each time to its tip and into a table
 * of its own.
 */
final class ArchiverProcess {
  private ArchiverProcess() {}

  /**
   * Arguments: the endpoint, the reservoir's folder, rounds to warm up, the streams. Prints a
   * {@link Archived}.
   */
  public static void main(String[] args) throws IOException {
    List<String> names = List.of(args).subList(3, args.length);
    try (KinesisStreams streams = KinesisStreams.open(AwsAccess.local(URI.create(args[0])));
        Reservoir reservoir = Reservoir.open(args[1], AwsAccess.DEFAULT)) {
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        List<StreamOutcome> unused = archive(streams, reservoir, names, "warm-up-" + i + "-");
      }
      long collecting = collectionMillis();
      long compiling = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
      long cpu = References.processCpuNanos();
      long start = System.nanoTime();
      List<StreamOutcome> outcomes = archive(streams, reservoir, names, "");
      long took = System.nanoTime() - start;
      long used = References.processCpuNanos() - cpu;
      Archived archived =
          new Archived(
              outcomes.stream().mapToLong(StreamOutcome::records).sum(),
              outcomes.stream().mapToLong(StreamOutcome::payloadBytes).sum(),
              names.stream().mapToLong(name -> written(reservoir, name)).sum(),
              used,
              took,
              Processes.peakBytes(),
              collectionMillis() - collecting,
              ManagementFactory.getCompilationMXBean().getTotalCompilationTime() - compiling);
      System.out.println(Processes.RESULT + archived.line());
    }
  }

  private static List<StreamOutcome> archive(
      KinesisStreams streams, Reservoir reservoir, List<String> names, String prefix) {
    List<ArchivedStream> archived =
        names.stream()
            .map(name -> new ArchivedStream(prefix + name, () -> streams.source(name)))
            .toList();
    try (ArchiveService service =
        new ArchiveService(reservoir, archived, ArchiveSettings.DEFAULTS, InstantSource.system())) {
      ArchiveOutcome outcome = service.run(ArchiveMode.ONCE, new StopSignal());
      for (StreamOutcome stream : outcome.streams()) {
        if (stream.failure().isPresent()) {
          throw stream.failure().get();
        }
      }
      return outcome.streams();
    }
  }

  private static long written(Reservoir reservoir, String stream) {
    ArchiveTable table = reservoir.find(stream).orElseThrow();
    return table.files(table.load()).stream().mapToLong(DataFileInfo::sizeBytes).sum();
  }

  private static long collectionMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
