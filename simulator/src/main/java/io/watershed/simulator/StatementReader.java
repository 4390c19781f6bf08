package io.watershed.simulator;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveMode;
import io.watershed.cut.PinnedStream;
import io.watershed.simulator.StatementSide.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A person who asks: fresh cuts, cuts at a time, and earlier receipts again, over archive and
 * stream. Errors are allowed, wrong answers are not (PROTOCOL 5).
 */
final class StatementReader {
  private static final Duration PAUSE = Duration.ofMinutes(4);
  private static final int MOST_RECEIPTS = 6;

  /** What a statement may say instead of an answer while things fail. */
  private static final Set<ErrorCode> EXCUSES =
      EnumSet.of(
          ErrorCode.STORE,
          ErrorCode.NOT_FOUND,
          ErrorCode.STREAM_NOT_FOUND,
          ErrorCode.UNREACHABLE,
          ErrorCode.LIMIT);

  private final World world;
  private final SimulatedProcess process;
  private final StatementSide statements;
  private final StatementJudge judge;
  private final List<String> findings;
  private final Random random;
  private final List<Receipt> receipts = new ArrayList<>();
  private boolean stopped;
  private boolean busy;
  private int answers;
  private int repeats;

  private record Receipt(PinnedStream pinned, long count, RecordDigest digest) {}

  StatementReader(
      SimulatedProcess process,
      StatementSide statements,
      StatementJudge judge,
      List<String> findings) {
    this.world = process.world();
    this.process = process;
    this.statements = statements;
    this.judge = judge;
    this.findings = findings;
    this.random = world.random();
  }

  void start() {
    process.schedule(World.upTo(random, PAUSE), () -> process.blocking().execute(this::work));
  }

  /** No statement begins from now on, and one that sleeps goes on. */
  void stop() {
    stopped = true;
    process.wake();
  }

  boolean isBusy() {
    return busy;
  }

  /** Answers so far, and of these, to receipts. */
  int answers() {
    return answers;
  }

  int repeats() {
    return repeats;
  }

  private void work() {
    if (stopped) {
      return;
    }
    busy = true;
    try {
      if (!receipts.isEmpty() && random.nextInt(2) == 0) {
        repeat(receipts.get(random.nextInt(receipts.size())));
      } else {
        ask();
      }
    } catch (WatershedException e) {
      if (!EXCUSES.contains(e.code())) {
        find("a statement failed: " + e.code() + ": " + e.getMessage());
      }
    }
    busy = false;
    start();
  }

  /** A cut of all there is, or at a time. */
  private void ask() {
    Instant since = world.now();
    Optional<Instant> until =
        random.nextInt(2) == 0
            ? Optional.empty()
            : Optional.of(since.minus(World.upTo(random, Duration.ofMinutes(8))));
    Answer answer = statements.ask(LiveMode.REQUIRE, until);
    answers++;
    // A statement believes its clock and arrival times about what is older than itself.
    Instant surely = since.minus(world.faults().arrivalError()).minus(world.faults().clockError());
    judge.judge(answer, surely, until).stream().distinct().limit(5).forEach(this::find);
    Receipt receipt = receipt(answer);
    world.say(process.name(), "gets " + receipt.count() + " rows");
    if (receipts.size() < MOST_RECEIPTS) {
      receipts.add(receipt);
    } else {
      receipts.set(random.nextInt(MOST_RECEIPTS), receipt);
    }
  }

  /** The same rows, or an error that says that some are gone. */
  private void repeat(Receipt receipt) {
    Answer answer;
    try {
      answer = statements.repeat(receipt.pinned());
    } catch (WatershedException e) {
      if (e.code() == ErrorCode.GAP) {
        judge.judgeGone(receipt.pinned()).ifPresent(why -> find(why + ": " + e.getMessage()));
        return;
      }
      throw e;
    }
    answers++;
    repeats++;
    Receipt now = receipt(answer);
    if (now.count() != receipt.count() || !now.digest().equals(receipt.digest())) {
      find("a receipt gave " + receipt.count() + " rows, later " + now.count() + " (or others)");
    }
  }

  private static Receipt receipt(Answer answer) {
    RecordDigest digest = RecordDigest.ZERO;
    for (StreamRecord record : answer.records()) {
      digest = digest.plus(RecordDigest.of(record));
    }
    return new Receipt(answer.pinned(), answer.records().size(), digest);
  }

  private void find(String what) {
    world.say(process.name(), what);
    findings.add(what);
  }
}
