package io.watershed.reservoir.store;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Finds out whether a store's conditional create is atomic, by racing for a few objects under
 * {@value #PREFIX}. A store that lets two writers win would let commits overwrite each other, and
 * some S3 look-alikes do (facts: one of three tested had several winners, one ignored the
 * condition, and it also damaged the content).
 */
public final class StoreProbe {
  static final String PREFIX = ".watershed-probe/";
  private static final int RACERS = 6;
  private static final int ROUNDS = 6;

  private final ObjectStore store;

  /** A probe of this store. */
  public StoreProbe(ObjectStore store) {
    this.store = store;
  }

  /**
   * Races, checks and cleans up.
   *
   * @throws WatershedException {@code store-not-conditional} if the store must not be used; {@code
   *     store} if it gave no definite answers
   */
  public void run() {
    String folder = PREFIX + UUID.randomUUID() + "/";
    ExecutorService racers = Executors.newFixedThreadPool(RACERS, StoreProbe::racer);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        race(folder + round, racers);
      }
    } finally {
      racers.shutdownNow();
      for (int round = 0; round < ROUNDS; round++) {
        store.delete(folder + round);
      }
    }
  }

  private void race(String key, ExecutorService racers) {
    CyclicBarrier start = new CyclicBarrier(RACERS);
    List<Callable<CreateOutcome>> tasks = new ArrayList<>();
    for (int racer = 0; racer < RACERS; racer++) {
      byte[] content = content(key, racer);
      tasks.add(
          () -> {
            start.await();
            return store.createIfAbsent(key, content);
          });
    }
    int winner = winner(outcomes(tasks, racers));
    byte[] latecomer = content(key, RACERS);
    if (store.createIfAbsent(key, latecomer) != CreateOutcome.EXISTS) {
      throw refused("it let a second writer replace an object");
    }
    byte[] stored = store.get(key, 1 << 20).orElseThrow(() -> refused("it lost an object"));
    if (!Arrays.equals(stored, content(key, winner))) {
      throw refused("it returned other bytes than it was given");
    }
  }

  private int winner(List<CreateOutcome> outcomes) {
    if (outcomes.contains(CreateOutcome.UNKNOWN)) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The store " + store.root() + " gave no definite answer while it was probed",
          "Try again when it is reachable and not overloaded.");
    }
    long winners = outcomes.stream().filter(CreateOutcome.CREATED::equals).count();
    if (winners != 1) {
      throw refused(winners + " of " + RACERS + " racing writers were told that they won");
    }
    return outcomes.indexOf(CreateOutcome.CREATED);
  }

  private static List<CreateOutcome> outcomes(
      List<Callable<CreateOutcome>> tasks, ExecutorService racers) {
    try {
      List<CreateOutcome> outcomes = new ArrayList<>();
      for (Future<CreateOutcome> future : racers.invokeAll(tasks)) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(
          ErrorCode.CANCELLED, "Interrupted while probing the store", "", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WatershedException known) {
        throw known;
      }
      throw new IllegalStateException("the probe failed", e.getCause());
    }
  }

  private WatershedException refused(String why) {
    return new WatershedException(
        ErrorCode.STORE_NOT_CONDITIONAL,
        "The store " + store.root() + " has no atomic conditional create: " + why,
        "Use Amazon S3, a store that honours 'If-None-Match: *', or a local folder.");
  }

  /** Long enough for a client to use its streaming upload, where look-alikes go wrong. */
  private static byte[] content(String key, int racer) {
    return (key + " " + racer + "\n").repeat(200).getBytes(StandardCharsets.UTF_8);
  }

  private static Thread racer(Runnable task) {
    Thread thread = new Thread(task, "store-probe");
    thread.setDaemon(true);
    return thread;
  }
}
