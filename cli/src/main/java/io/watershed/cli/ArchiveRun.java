package io.watershed.cli;

import io.watershed.archive.ArchiveMode;
import io.watershed.archive.ArchiveOutcome;
import io.watershed.archive.ArchiveService;
import io.watershed.archive.ArchivedStream;
import io.watershed.archive.PendingRecords;
import io.watershed.archive.StopSignal;
import io.watershed.archive.StreamStatus;
import io.watershed.archive.hot.HotMemory;
import io.watershed.archive.hot.HotTailServer;
import io.watershed.archive.maintain.AutomaticMaintenance;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.hottail.HotAnswer;
import io.watershed.core.hottail.HotQuestion;
import io.watershed.cut.HotTail;
import io.watershed.cut.OwnArchiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Archives streams in this process: archivers, maintenance, and what they read and did not commit
 * for statements. {@link #run} once; {@link #stop} by any thread.
 */
final class ArchiveRun implements AutoCloseable {
  private final ArchiveService service;
  private final AutomaticMaintenance maintenance;
  private final AutoCloseable hotTail;
  private final List<AutoCloseable> offers = new ArrayList<>();
  private final ArchiveMode mode;
  private final StopSignal stop = new StopSignal();

  /**
   * @param streams at least one
   * @param mode with {@link ArchiveMode#ONCE} there is no maintenance and nothing for statements
   */
  ArchiveRun(
      CommandContext context,
      Connections connections,
      WatershedConfig config,
      List<StreamConfig> streams,
      ArchiveMode mode) {
    this.mode = mode;
    service =
        new ArchiveService(
            connections.reservoir(),
            streams.stream().map(stream -> archived(connections, stream)).toList(),
            config.template().archive(),
            context.clock());
    boolean once = mode == ArchiveMode.ONCE;
    maintenance =
        AutomaticMaintenance.start(
            connections.reservoir(),
            once
                ? List.of()
                : streams.stream().map(stream -> maintained(connections, stream)).toList(),
            context.clock());
    Map<String, PendingRecords> pending = once ? Map.of() : pending(streams);
    pending.forEach((stream, held) -> offers.add(connections.offer(stream, own(stream, held))));
    hotTail =
        once
            ? () -> {}
            : HotTailServer.start(
                connections.sockets(), connections.reservoir().toString(), pending);
  }

  private static ArchivedStream archived(Connections connections, StreamConfig stream) {
    return new ArchivedStream(
        stream.alias(),
        () -> connections.archivedSource(stream),
        Optional.of(stream.archive()),
        connections.archivingFormat(stream));
  }

  private static AutomaticMaintenance.Maintained maintained(
      Connections connections, StreamConfig stream) {
    return new AutomaticMaintenance.Maintained(
        stream.alias(), connections.archivingFormat(stream), stream.maintenance());
  }

  private Map<String, PendingRecords> pending(List<StreamConfig> streams) {
    Map<String, PendingRecords> pending = new TreeMap<>();
    for (StreamConfig stream : streams) {
      service.pending(stream.alias()).ifPresent(held -> pending.put(stream.alias(), held));
    }
    return pending;
  }

  /** For statements of this process; others get it over a socket. */
  private static HotTail own(String stream, PendingRecords held) {
    HotMemory memory = new HotMemory(stream, held);
    return new HotTail() {
      @Override
      public HotAnswer ask(UUID table, Documents documents) {
        return memory.answer(new HotQuestion(table, stream, documents));
      }

      @Override
      public Optional<OwnArchiver> own() {
        return Optional.of(memory::readThrough);
      }
    };
  }

  /** Archives until the end or {@link #stop}. */
  ArchiveOutcome run() {
    return service.run(mode, stop);
  }

  /** What each stream's archiver does now. */
  List<StreamStatus> status() {
    return service.status();
  }

  /** Asks {@link #run} to commit what was read and to end. */
  void stop() {
    maintenance.stop();
    stop.request();
  }

  @Override
  public void close() throws Exception {
    try {
      for (AutoCloseable offer : offers) {
        offer.close();
      }
      hotTail.close();
    } finally {
      maintenance.close();
      service.close();
    }
  }
}
