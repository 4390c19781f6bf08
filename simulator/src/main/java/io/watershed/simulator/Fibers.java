package io.watershed.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs code that blocks, such as a commit, so that it can be stopped between two of its requests
 * and others can run meanwhile. Each piece of work has a thread, but only one thread runs at any
 * time: whoever pauses or ends hands over to the event loop, which waits. So nothing depends on the
 * machine's scheduling.
 *
 * <p>Reusable over runs; used by one event loop at a time.
 */
final class Fibers implements AutoCloseable {
  private final Deque<Fiber> idle = new ArrayDeque<>();
  private @Nullable Fiber running;

  /** Runs the body until it pauses or ends. Only from the event loop. */
  void run(Runnable body) {
    Fiber fiber = idle.isEmpty() ? new Fiber() : idle.pop();
    fiber.body = body;
    handOver(fiber);
  }

  /** Whether the caller runs inside of a body, so that it can pause. */
  boolean canPause() {
    Fiber fiber = running;
    return fiber != null && Thread.currentThread() == fiber.thread;
  }

  /**
   * Stops the calling body here.
   *
   * @param sleeper gets what makes it go on; the event loop must run that once, later
   */
  void pause(Consumer<Runnable> sleeper) {
    Fiber fiber = running;
    if (fiber == null || Thread.currentThread() != fiber.thread) {
      throw new IllegalStateException("only a fiber can pause");
    }
    sleeper.accept(() -> handOver(fiber));
    fiber.giveBack();
  }

  private void handOver(Fiber fiber) {
    if (running != null) {
      throw new IllegalStateException("a fiber runs already");
    }
    running = fiber;
    fiber.runUntilItPauses();
    running = null;
    if (fiber.body == null) {
      idle.push(fiber);
    }
    Throwable thrown = fiber.thrown;
    if (thrown != null) {
      fiber.thrown = null;
      throw new IllegalStateException("a defect of the simulator or of what it runs", thrown);
    }
  }

  /** Ends the threads that are idle; none may be paused. */
  @Override
  public void close() {
    idle.forEach(Fiber::end);
    idle.clear();
  }

  private static final class Fiber {
    private static final int SPINS = 200;

    private final Thread thread;
    private volatile boolean mine;
    private volatile boolean ended;
    private volatile @Nullable Thread loop;
    private volatile @Nullable Runnable body;
    private volatile @Nullable Throwable thrown;

    Fiber() {
      thread = new Thread(this::work, "simulated-fiber");
      thread.setDaemon(true);
      thread.start();
    }

    void runUntilItPauses() {
      loop = Thread.currentThread();
      mine = true;
      LockSupport.unpark(thread);
      for (int i = 0; mine; i++) {
        waitABit(i);
      }
    }

    void giveBack() {
      Thread waiting = loop;
      mine = false;
      LockSupport.unpark(waiting);
      awaitTurn();
    }

    void end() {
      ended = true;
      LockSupport.unpark(thread);
    }

    private void awaitTurn() {
      for (int i = 0; !mine && !ended; i++) {
        waitABit(i);
      }
    }

    private static void waitABit(int i) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park();
      }
    }

    private void work() {
      awaitTurn();
      while (!ended) {
        try {
          Runnable work = body;
          if (work != null) {
            work.run();
          }
        } catch (ProcessCrash e) {
          // What was to happen.
        } catch (Throwable e) {
          thrown = e;
        }
        body = null;
        giveBack();
      }
    }
  }
}
