package io.watershed.query.worker;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementTimer;
import io.watershed.query.spool.ValueCodec;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The parent's handle on one child. One thread at a time runs statements; {@link #kill} and {@link
 * #cancel} may come from others. Closing it ends the process and deletes its folder.
 */
final class WorkerProcess implements AutoCloseable {
  /** Room in a frame beyond its last row. */
  private static final int FRAME_SLACK = 1 << 20;

  private static final int EXIT_SECONDS = 10;
  private static final int SIGNALS = 128;

  private final Process process;
  private final ScratchFolder folder;
  private final WorkerSettings settings;
  private final DataInputStream in;
  private final WorkerOutput out;
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private int statements;
  private boolean healthy = true;

  private WorkerProcess(Process process, ScratchFolder folder, WorkerSettings settings) {
    this.process = process;
    this.folder = folder;
    this.settings = settings;
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 128 << 10));
    this.out = new WorkerOutput(process.getOutputStream());
  }

  /** Starts a child without waiting for it. */
  static WorkerProcess start(Path temporary, WorkerSettings settings) {
    ScratchFolder folder = WorkerFolders.create(temporary);
    try {
      return new WorkerProcess(WorkerCommand.start(folder.path(), settings), folder, settings);
    } catch (IOException e) {
      folder.close();
      throw new WatershedException(
          ErrorCode.INTERNAL,
          "no process for the statement can be started: " + e.getMessage(),
          "Check the limit on processes, and that java.home has bin/java.",
          e);
    }
  }

  /** Waits until the child takes statements. */
  void awaitReady(ScheduledExecutorService timers) {
    ScheduledFuture<?> timer =
        timers.schedule(
            () -> kill(Ending.START), settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
    try {
      if (Frame.read(in, FRAME_SLACK).type() != Frame.Type.READY) {
        throw new IOException("it does not speak the protocol");
      }
    } catch (IOException e) {
      healthy = false;
      throw ended(null, e);
    } finally {
      timer.cancel(false);
    }
  }

  /**
   * Runs one statement. {@link #isHealthy} tells afterwards whether the child may run another.
   *
   * @param time pauses while the sink takes rows
   * @return the number of rows handed to the sink
   */
  long run(StatementOrder order, ResultSink sink, StatementControl control, StatementTimer time) {
    statements++;
    healthy = false;
    try {
      out.send(Frame.Type.STATEMENT, order.toBytes());
      List<ResultColumn> columns = new ArrayList<>();
      while (true) {
        Frame frame = Frame.read(in, order.maxRowBytes() + FRAME_SLACK);
        switch (frame.type()) {
          case COLUMNS -> begin(frame, columns, sink);
          case ROWS -> {
            time.pause();
            rows(frame, columns.size(), sink);
            time.resume();
          }
          case PROGRESS -> {
            double fraction = frame.content().readDouble();
            control.measureBy(() -> fraction);
          }
          case DONE -> {
            healthy = true;
            return frame.content().readLong();
          }
          case FAILED -> {
            healthy = true;
            throw failure(frame.content());
          }
          default -> throw new IOException("unexpected " + frame.type());
        }
      }
    } catch (IOException e) {
      throw ended(order, e);
    }
  }

  private static void begin(Frame frame, List<ResultColumn> columns, ResultSink sink)
      throws IOException {
    DataInputStream content = frame.content();
    int count = content.readInt();
    for (int i = 0; i < count; i++) {
      String name = ValueCodec.readText(content);
      columns.add(new ResultColumn(name, ValueCodec.readText(content)));
    }
    try {
      sink.begin(List.copyOf(columns));
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    }
  }

  private static void rows(Frame frame, int columns, ResultSink sink) throws IOException {
    DataInputStream content = frame.content();
    @Nullable Object[] row = new @Nullable Object[columns];
    while (content.available() > 0) {
      for (int i = 0; i < columns; i++) {
        row[i] = ValueCodec.read(content);
      }
      try {
        sink.row(row);
      } catch (IOException e) {
        throw UnwrittenOutput.error(e);
      }
    }
  }

  private static WatershedException failure(DataInputStream content) throws IOException {
    ErrorCode code = ErrorCode.valueOf(ValueCodec.readText(content));
    String message = ValueCodec.readText(content);
    return new WatershedException(code, message, ValueCodec.readText(content));
  }

  /** Asks the child to end its statement. */
  void cancel() {
    try {
      out.send(Frame.Type.CANCEL);
    } catch (IOException e) {
      kill(Ending.CANCELLED); // it reads nothing any more
    }
  }

  /** Ends the child at once; the first reason is the one that is told. */
  void kill(Ending reason) {
    ending.compareAndSet(null, reason);
    process.destroyForcibly();
  }

  /** Resident memory in bytes; empty if unknown. */
  OptionalLong residentBytes() {
    return ResidentMemory.of(process.pid());
  }

  long pid() {
    return process.pid();
  }

  /** Whether it answered its last statement, and is alive. */
  boolean isReady() {
    return healthy && process.isAlive() && ending.get() == null;
  }

  /** Whether it may run another statement: ready, and neither old nor fat. */
  boolean isHealthy() {
    return isReady()
        && statements < settings.maxStatements()
        && residentBytes().orElse(0) <= settings.heapBytes() + settings.overheadBytes();
  }

  private WatershedException ended(@Nullable StatementOrder order, IOException e) {
    Ending reason = ending.get();
    if (reason != null) {
      return WorkerErrors.killed(reason, order, settings, e);
    }
    int status = exitStatus();
    return status == WorkerCommand.HEAP_IS_FULL
        ? WorkerErrors.heapIsFull(settings, e)
        : WorkerErrors.crashed(
            status > SIGNALS ? "signal " + (status - SIGNALS) : "status " + status, e);
  }

  private int exitStatus() {
    try {
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    } catch (IllegalThreadStateException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exitStatus();
    folder.close();
  }
}
