package io.watershed.query.worker;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.query.StatementControl;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementRun;
import io.watershed.query.spool.ValueCodec;
import io.watershed.query.view.StatementDatabase;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The child: runs one statement after the other, in the order in which they come on standard input,
 * until standard input ends. Its only argument is its folder for temporary files, which it deletes
 * if the parent cannot. Standard output belongs to the protocol.
 */
public final class WorkerMain {
  /** Longest accepted order: a statement, its views, and the paths of its files. */
  private static final int MAX_ORDER_BYTES = 256 << 20;

  private static final long PROGRESS_MILLIS = 200;
  private static final Path OOM_SCORE = Path.of("/proc/self/oom_score_adj");

  private final DataInputStream in;
  private final WorkerOutput output;
  private final Path folder;
  private final BlockingQueue<StatementOrder> orders = new ArrayBlockingQueue<>(1);
  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(2, WorkerMain::daemon);
  private volatile @Nullable StatementControl running;
  private volatile @Nullable Path statementFolder;

  private WorkerMain(DataInputStream in, WorkerOutput output, Path folder) {
    this.in = in;
    this.output = output;
    this.folder = folder;
  }

  /** Started by {@link WorkerProcess} only. */
  public static void main(String[] args) throws Exception {
    WorkerOutput output =
        new WorkerOutput(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 128 << 10));
    System.setOut(System.err); // a library that prints must not break the protocol
    beFirstToGo();
    leaveInterruptsToTheParent();
    WorkerMain worker =
        new WorkerMain(
            new DataInputStream(new BufferedInputStream(System.in)), output, Path.of(args[0]));
    daemon(worker::listen).start();
    worker.work();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "worker");
    thread.setDaemon(true);
    return thread;
  }

  /** When the machine has no memory left, Linux shall end a statement and not the archiver. */
  private static void beFirstToGo() {
    try {
      if (Files.isWritable(OOM_SCORE)) {
        Files.writeString(OOM_SCORE, "1000");
      }
    } catch (IOException e) {
      System.err.println("oom_score_adj cannot be raised: " + e.getMessage());
    }
  }

  /**
   * Ctrl-C reaches every process of a terminal: the parent cancels the statement, and a process
   * that is gone would look like a crash. By reflection, because the compiler warns of the class.
   */
  private static void leaveInterruptsToTheParent() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("INT"),
              handler.getField("SIG_IGN").get(null));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.err.println("interrupts cannot be ignored: " + e.getMessage());
    }
  }

  private void listen() {
    try {
      while (true) {
        Frame frame = Frame.read(in, MAX_ORDER_BYTES);
        StatementControl control = running;
        if (frame.type() == Frame.Type.STATEMENT) {
          StatementOrder order = StatementOrder.read(frame.content());
          statementFolder = order.folder();
          running = new StatementControl();
          orders.add(order);
        } else if (frame.type() == Frame.Type.CANCEL && control != null) {
          control.cancel();
        }
      }
    } catch (IOException | RuntimeException e) {
      leave();
    }
  }

  /** The parent is gone or broken: nobody waits for an answer, and nobody else cleans up. */
  private void leave() {
    Path statement = statementFolder;
    if (statement != null) {
      new ScratchFolder(statement).close();
    }
    new ScratchFolder(folder).close();
    Runtime.getRuntime().halt(0);
  }

  private void work() throws Exception {
    warmUp();
    output.send(Frame.Type.READY);
    while (true) {
      StatementOrder order = orders.take();
      StatementControl control = running;
      if (control == null) {
        throw new IllegalStateException("an order without a control");
      }
      answer(order, control);
    }
  }

  /** Loads the native library, so that the first statement does not wait for it. */
  private void warmUp() throws IOException {
    try (StatementDatabase database = StatementDatabase.open(SqlSettings.DEFAULTS, folder)) {
      database.run("SELECT 1");
    }
    try (var files = Files.newDirectoryStream(folder, "libduckdb*")) {
      for (Path library : files) {
        Files.deleteIfExists(library); // it is loaded; on Windows it stays until the end
      }
    } catch (java.nio.file.FileSystemException e) {
      System.err.println("the native library stays: " + e.getMessage());
    }
  }

  private void answer(StatementOrder order, StatementControl control) throws IOException {
    try {
      long rows = run(order, control);
      statementFolder = null;
      output.send(Frame.Type.DONE, out -> out.writeLong(rows));
    } catch (WatershedException e) {
      statementFolder = null;
      fail(e);
    } catch (RuntimeException e) {
      statementFolder = null;
      fail(new WatershedException(ErrorCode.INTERNAL, "the statement failed: " + e, "", e));
    }
  }

  private long run(StatementOrder order, StatementControl control) throws IOException {
    SqlSettings settings = order.settings();
    try (StatementDatabase database = StatementDatabase.open(settings, order.folder())) {
      database.apply(order.script());
      database.lock();
      control.enter(Step.RUN);
      var progress =
          timers.scheduleWithFixedDelay(
              () -> report(control), PROGRESS_MILLIS, PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
      try {
        FrameSink sink = new FrameSink(output, order.maxRowBytes());
        long rows =
            new StatementRun(settings, timers)
                .run(database.connection(), order.sql(), order.timeLeft(), sink, control);
        sink.flush();
        return rows;
      } finally {
        progress.cancel(false);
      }
    }
  }

  private void report(StatementControl control) {
    try {
      output.send(Frame.Type.PROGRESS, out -> out.writeDouble(control.fraction()));
    } catch (IOException e) {
      leave();
    }
  }

  private void fail(WatershedException e) throws IOException {
    output.send(
        Frame.Type.FAILED,
        out -> {
          ValueCodec.writeText(out, e.code().name());
          ValueCodec.writeText(out, String.valueOf(e.getMessage()));
          ValueCodec.writeText(out, e.hint());
        });
  }
}
