package io.watershed.reservoir.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A store behind a bad network: a create loses its request, loses its answer, or lands late, when
 * somebody else asks for something. Repeats as {@link S3Store} does, but only three times, so that
 * unknown outcomes are common.
 */
public final class FaultyStore extends ForwardingStore {
  private static final int TRIES = 3;

  private final Random random;
  private final double faultRate;
  private final List<Runnable> late = new ArrayList<>();
  private int lostRequests;
  private int lostAnswers;
  private int lateArrivals;
  private int unknowns;

  public FaultyStore(ObjectStore store, Random random, double faultRate) {
    super(store);
    this.random = random;
    this.faultRate = faultRate;
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    boolean mayHaveLanded = false;
    for (int i = 0; i < TRIES; i++) {
      deliverLate();
      switch (nextFault()) {
        case NONE -> {
          return answer(key, content);
        }
        case LOST_REQUEST -> mayHaveLanded = true;
        case LOST_ANSWER -> {
          superCreate(key, content);
          mayHaveLanded = true;
        }
        case LATE -> {
          later(() -> superCreate(key, content));
          mayHaveLanded = true;
        }
      }
    }
    countUnknown();
    return mayHaveLanded ? CreateOutcome.UNKNOWN : answer(key, content);
  }

  /** What a definite answer of the network looks like: 200, or 412 and a comparison. */
  private CreateOutcome answer(String key, byte[] content) {
    CreateOutcome outcome = superCreate(key, content);
    if (outcome == CreateOutcome.EXISTS
        && get(key, Long.MAX_VALUE).map(bytes -> Arrays.equals(bytes, content)).orElse(false)) {
      return CreateOutcome.CREATED;
    }
    return outcome;
  }

  private CreateOutcome superCreate(String key, byte[] content) {
    return super.createIfAbsent(key, content);
  }

  private synchronized Fault nextFault() {
    Fault fault =
        random.nextDouble() < faultRate
            ? Fault.values()[1 + random.nextInt(Fault.values().length - 1)]
            : Fault.NONE;
    lostRequests += fault == Fault.LOST_REQUEST ? 1 : 0;
    lostAnswers += fault == Fault.LOST_ANSWER ? 1 : 0;
    lateArrivals += fault == Fault.LATE ? 1 : 0;
    return fault;
  }

  private synchronized void countUnknown() {
    unknowns++;
  }

  private synchronized void later(Runnable request) {
    late.add(request);
  }

  /** Requests that the network held back arrive now, in any order. */
  public void deliverLate() {
    List<Runnable> arriving;
    synchronized (this) {
      if (late.isEmpty() || random.nextInt(3) > 0) {
        return;
      }
      arriving = new ArrayList<>(late);
      late.clear();
    }
    arriving.forEach(Runnable::run);
  }

  /** Everything that is still under way arrives. */
  public void deliverAll() {
    List<Runnable> arriving;
    synchronized (this) {
      arriving = new ArrayList<>(late);
      late.clear();
    }
    arriving.forEach(Runnable::run);
  }

  public synchronized boolean everyFaultHappened() {
    return lostRequests > 0 && lostAnswers > 0 && lateArrivals > 0 && unknowns > 0;
  }

  private enum Fault {
    NONE,
    LOST_REQUEST,
    LOST_ANSWER,
    LATE
  }
}
