package io.watershed.cut;

import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.CutResolver.LiveReads;
import io.watershed.cut.LiveMemory.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Cuts for statements that come at the same time. Those that want all of a stream up to its tip
 * share one live read: while one is under way, they gather for the next, which begins after all of
 * them have come. So a stream is read once at a time, whatever the number of statements, and each
 * sees what was put before it. What is read counts against one bound of memory. Threads block.
 * Thread-safe.
 */
public final class CutRounds {
  private final CutResolver cuts;
  private final LiveReadSettings settings;
  private final LiveMemory memory;
  private final Map<Key, Gathering<Cut>> gatherings = new ConcurrentHashMap<>();
  private final Map<String, Long> lastSizes = new ConcurrentHashMap<>();

  /**
   * In front of a resolver.
   *
   * @param settings bounds of live reads
   * @param memory what the records count against
   */
  public CutRounds(CutResolver cuts, LiveReadSettings settings, LiveMemory memory) {
    this.cuts = cuts;
    this.settings = settings;
    this.memory = memory;
  }

  private record Key(String stream, LiveMode mode) {}

  /**
   * A cut of one or more statements, of more before its files are chosen.
   *
   * @param together whether it is of more than one: then nobody's own budget was asked
   */
  private record Cut(ResolvedStream stream, SharedCut shared, boolean together) {}

  /**
   * A fresh cut; close it.
   *
   * @param sides the stream's, as they are when a read begins, maybe another statement's too
   * @param reads what this statement may read of all its streams
   * @throws WatershedException as {@link CutResolver#resolve}; {@code limit} also when there was no
   *     room in memory
   */
  public HeldCut resolve(
      Supplier<StreamSide> sides,
      LiveMode mode,
      Optional<Instant> until,
      LiveNeed need,
      LiveReads reads) {
    StreamSide own = sides.get();
    if (until.isPresent() || !need.isWhole() || mode == LiveMode.OFF) {
      return held(read(0, 1, reads, budget -> cuts.resolve(own, mode, until, need, budget)));
    }
    Cut cut =
        gatherings
            .computeIfAbsent(new Key(own.stream(), mode), key -> new Gathering<>())
            .join(
                statements ->
                    readAll(
                        sides.get(),
                        mode,
                        statements,
                        statements == 1 ? reads : cuts.newStatement()));
    HeldCut held = held(cut);
    try {
      if (cut.together()) {
        reads.budget().spend(cut.stream().live());
      }
      return new HeldCut(cuts.withFiles(cut.stream(), sides.get()), cut.shared());
    } catch (RuntimeException | Error e) {
      held.close();
      throw e;
    }
  }

  /**
   * The cut of a receipt; close it.
   *
   * @throws WatershedException as {@link CutResolver#repeat}; {@code limit} also when there was no
   *     room in memory
   */
  public HeldCut repeat(
      StreamSide side, PinnedStream pinned, LiveMode mode, LiveNeed need, LiveReads reads) {
    return held(read(0, 1, reads, budget -> cuts.repeat(side, pinned, mode, need, budget)));
  }

  private static HeldCut held(Cut cut) {
    return new HeldCut(cut.stream(), cut.shared());
  }

  /** The next read will presumably come to what the last one did. */
  private Cut readAll(StreamSide side, LiveMode mode, int statements, LiveReads reads) {
    Cut cut =
        read(
            lastSizes.getOrDefault(side.stream(), 0L),
            statements,
            reads,
            budget -> cuts.resolveSides(side, mode, Optional.empty(), LiveNeed.ALL, budget));
    lastSizes.put(side.stream(), cut.shared().bytes());
    return cut;
  }

  /** Reads when there is room for it, and again from the beginning when there was too little. */
  private Cut read(
      long expected, int statements, LiveReads reads, Function<LiveReads, ResolvedStream> reading) {
    long deadline = System.nanoTime() + settings.timeout().toNanos();
    for (long bytes = expected; ; ) {
      Duration patience = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Claim claim = memory.claim(bytes, patience);
      LiveReads budget = reads.on(claim);
      try {
        ResolvedStream cut = reading.apply(budget);
        claim.settle();
        return new Cut(cut, new SharedCut(claim, statements), statements > 1);
      } catch (WatershedException e) {
        claim.release();
        if (claim.lacked() == 0) {
          throw e;
        }
        budget.budget().giveBack();
        bytes = memory.forAnother(claim);
      } catch (RuntimeException | Error e) {
        claim.release();
        throw e;
      }
    }
  }
}
