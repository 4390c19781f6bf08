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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/**
 * A process of its own: the archiver as it runs in production. It archives the warm-up stream first
 * (an archiver runs for weeks), then the measured one, each to its tip.
 */
final class ArchiverProcess {
  private ArchiverProcess() {}

  /**
   * Arguments: the endpoint, the reservoir's folder, the streams; the last one is measured. Prints
   * records, payload bytes, written bytes, processor nanoseconds, nanoseconds, and the largest
   * resident size in bytes.
   */
  public static void main(String[] args) throws IOException {
    try (KinesisStreams streams = KinesisStreams.open(AwsAccess.local(URI.create(args[0])));
        Reservoir reservoir = Reservoir.open(args[1], AwsAccess.DEFAULT)) {
      for (int i = 2; i < args.length - 1; i++) {
        StreamOutcome unused = archive(streams, reservoir, args[i]);
      }
      long cpu = References.processCpuNanos();
      long start = System.nanoTime();
      StreamOutcome outcome = archive(streams, reservoir, args[args.length - 1]);
      long took = System.nanoTime() - start;
      long used = References.processCpuNanos() - cpu;
      System.out.printf(
          Locale.ROOT,
          "%s%d %d %d %d %d %d%n",
          ArchiveBenchmark.RESULT,
          outcome.records(),
          outcome.payloadBytes(),
          written(reservoir, outcome.stream()),
          used,
          took,
          peakBytes());
    }
  }

  private static StreamOutcome archive(KinesisStreams streams, Reservoir reservoir, String stream) {
    try (ArchiveService service =
        new ArchiveService(
            reservoir,
            List.of(new ArchivedStream(stream, () -> streams.source(stream))),
            ArchiveSettings.DEFAULTS,
            InstantSource.system())) {
      ArchiveOutcome outcome = service.run(ArchiveMode.ONCE, new StopSignal());
      StreamOutcome only = outcome.streams().get(0);
      if (only.failure().isPresent()) {
        throw only.failure().get();
      }
      return only;
    }
  }

  private static long written(Reservoir reservoir, String stream) {
    ArchiveTable table = reservoir.find(stream).orElseThrow();
    return table.files(table.load()).stream().mapToLong(DataFileInfo::sizeBytes).sum();
  }

  /** VmHWM of proc(5); 0 where there is no such file. */
  private static long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }
}
