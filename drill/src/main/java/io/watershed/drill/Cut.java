package io.watershed.drill;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.cut.CutFile;
import io.watershed.cut.CutResolver.LiveReads;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.LiveNeeds;
import io.watershed.cut.LiveRange;
import io.watershed.cut.Receipt;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamNames.Side;
import io.watershed.cut.condition.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cut of one statement: each stream is pinned when it is first named, and once. Thread-safe.
 */
final class Cut implements PlannedCut {
  private final Water water;
  private final ReceiptLog log;
  private final String userName;
  private final Optional<Receipt> asOf;
  private final LiveReads reads;
  private final Instant begun = Instant.now();
  private final Map<String, Stream> pinned = new TreeMap<>();
  private final Set<String> kept = new HashSet<>();
  private @Nullable Receipt printed;

  /**
   * @param log where receipts are noted that statements were answered by
   * @param asOf answers a receipt; empty for a fresh cut
   */
  Cut(Water water, ReceiptLog log, String userName, Optional<Receipt> asOf) {
    this.water = water;
    this.log = log;
    this.userName = userName;
    this.asOf = asOf;
    this.reads = water.newStatement();
  }

  /**
   * A stream's part of it.
   *
   * @param cut the whole cut
   * @param resolved without its live records
   * @param ranges where these are
   */
  record Stream(Cut cut, ResolvedStream resolved, List<LiveRange> ranges) {
    /** The files that can hold rows for which the conditions hold. */
    List<CutFile> files(Conditions conditions) {
      Set<String> keys = cut.water.filesFor(resolved, conditions);
      return resolved.files().stream().filter(file -> keys.contains(file.file().key())).toList();
    }

    /** The ranges that can. */
    List<LiveRange> ranges(Conditions conditions) {
      LiveNeed need = LiveNeeds.of(conditions);
      return ranges.stream().filter(range -> range.mayBeNeeded(need)).toList();
    }
  }

  /**
   * The stream's part, pinned now if it is not yet. Blocks while the live side is read.
   *
   * @throws WatershedException also {@code unreachable} when the side needs a live side that could
   *     not be read: there is nobody to show a notice to
   */
  synchronized Stream pin(String stream, Side side) {
    Stream part = pinned.get(stream);
    if (part == null) {
      ResolvedStream resolved =
          asOf.map(receipt -> water.repeat(receipt.require(stream), reads))
              .orElseGet(() -> water.resolve(stream, reads));
      part = new Stream(this, withoutRecords(resolved), LiveRange.of(resolved));
      pinned.put(stream, part);
    }
    List<String> notices = part.resolved().notices();
    if (side != Side.ARCHIVE && !notices.isEmpty()) {
      throw new WatershedException(
          ErrorCode.UNREACHABLE,
          notices.stream().collect(Collectors.joining(" ")),
          "Ask " + stream + Side.ARCHIVE.suffix() + " for what is archived.");
    }
    return part;
  }

  /** The receipt of what is pinned by now: the statement's, once it is planned. */
  private synchronized Receipt receipt() {
    Receipt known = printed;
    if (known == null || known.streams().size() != pinned.size()) {
      known =
          asOf.orElseGet(
              () ->
                  water
                      .receipts()
                      .print(
                          begun,
                          Optional.empty(),
                          pinned.values().stream().map(part -> part.resolved().pinned()).toList()));
      printed = known;
    }
    return known;
  }

  @Override
  public String receiptId() {
    return receipt().id();
  }

  /** The receipt is stored in the reservoir, once, and noted. */
  @Override
  public void run() {
    Receipt receipt = receipt();
    synchronized (kept) {
      if (!kept.add(receipt.id())) {
        return;
      }
    }
    List<String> notices = new ArrayList<>();
    if (asOf.isEmpty()) {
      water.receipts().store(receipt).ifPresent(notices::add);
    }
    log.note(new ReceiptLog.Entry(Instant.now(), userName, receipt, notices));
  }

  /** Readers on the drillbits read them again: a plan keeps none. */
  private static ResolvedStream withoutRecords(ResolvedStream resolved) {
    return new ResolvedStream(
        resolved.pinned(),
        resolved.state(),
        resolved.files(),
        resolved.outside(),
        List.of(),
        resolved.physical(),
        resolved.format(),
        resolved.estimate(),
        resolved.notices());
  }
}
