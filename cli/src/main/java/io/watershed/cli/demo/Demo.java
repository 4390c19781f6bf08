package io.watershed.cli.demo;

import io.watershed.archive.verify.Verify;
import io.watershed.archive.verify.VerifyDepth;
import io.watershed.archive.verify.VerifyReport;
import io.watershed.cli.CommandContext;
import io.watershed.cli.Connections;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.RealScheduler;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.query.QueryEngine;
import io.watershed.query.SqlRequest;
import io.watershed.query.format.ResultFormat;
import io.watershed.replay.ReplayListener;
import io.watershed.replay.ReplayOutcome;
import io.watershed.replay.ReplayPace;
import io.watershed.replay.ReplayPlan;
import io.watershed.replay.ReplayRequest;
import io.watershed.replay.Replays;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The story of the demo, chapter by chapter. Runs on one thread; see {@link Producer}. */
final class Demo {
  /** The stream that the replay writes to. */
  static final String TARGET = "orders-replayed";

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT count(*) AS orders, round(sum(amount), 2) AS revenue FROM orders",
          "SELECT shipping.country, count(*) AS orders FROM orders"
              + " GROUP BY ALL ORDER BY orders DESC LIMIT 3",
          """
          SELECT product, count(DISTINCT order_id) AS orders, count(DISTINCT click_id) AS clicks
          FROM orders JOIN clicks USING (customer_id, product)
          GROUP BY ALL ORDER BY orders DESC LIMIT 3""",
          "SELECT order_id, customer_id, product, amount, _shard_id FROM orders"
              + " WHERE order_id = 'o-0000042'");

  /** On a busy machine, things take their time; what never happens is said after this. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration UNHURRIED = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration IN_LOG = Duration.ofSeconds(5);

  private final CommandContext context;
  private final DemoFolder folder;
  private final LocalKinesis kinesis;
  private final Connections connections;
  private final WatershedConfig config;
  private final URI server;
  private final Story story;
  private final BooleanSupplier stopped;
  private final String launcher;
  private final DemoStatus status;
  private final List<Producer> producers = new ArrayList<>();
  private Instant nextStatus = Instant.EPOCH;

  Demo(
      CommandContext context,
      DemoFolder folder,
      LocalKinesis kinesis,
      Connections connections,
      WatershedConfig config,
      URI server,
      Story story,
      BooleanSupplier stopped,
      String launcher) {
    this.context = context;
    this.folder = folder;
    this.kinesis = kinesis;
    this.connections = connections;
    this.config = config;
    this.server = server;
    this.story = story;
    this.stopped = stopped;
    this.launcher = launcher;
    this.status = new DemoStatus(connections.reservoir());
  }

  /**
   * Tells it all.
   *
   * @param seconds how long records flow, at least; empty for until the signal
   * @param rate events a second over both streams
   * @return empty if the signal came before everything was shown
   */
  Optional<DemoReport> run(Optional<Duration> seconds, double rate) throws Exception {
    Instant start = context.clock().instant();
    Duration pace = seconds.orElse(UNHURRIED);
    try (RealScheduler scheduler = new RealScheduler("demo");
        QueryEngine engine = connections.engine()) {
      produce(scheduler, rate);
      try (Archivers archivers = new Archivers(folder)) {
        drain(start.plus(pace.multipliedBy(25).dividedBy(100)));
        ask(engine);
        killArchiver(archivers, start.plus(pace.multipliedBy(50).dividedBy(100)));
        Optional<ReplayOutcome> replay =
            replay(engine, start, start.plus(pace.multipliedBy(65).dividedBy(100)));
        if (stopped.getAsBoolean() || replay.isEmpty()) {
          return Optional.empty();
        }
        story.chapter("Nothing missing, nothing double?");
        verifyNow();
        sayWhatNext();
        flowUntil(seconds.map(start::plus).orElse(Instant.MAX));
        return Optional.of(finish(engine, archivers, replay.get()));
      }
    } finally {
      producers.forEach(Producer::close);
    }
  }

  private void produce(RealScheduler scheduler, double rate) {
    Shop shop = new Shop(new SplittableRandom(42));
    Shop clicks = new Shop(new SplittableRandom(43));
    Random jitter = new Random(44);
    producers.add(
        new Producer(
            "orders",
            connections.sink(config.stream("orders")),
            shop::order,
            rate / 3,
            scheduler,
            jitter,
            context.clock()));
    producers.add(
        new Producer(
            "clicks",
            connections.sink(config.stream("clicks")),
            clicks::click,
            rate * 2 / 3,
            scheduler,
            jitter,
            context.clock()));
  }

  private void drain(Instant until) throws InterruptedException {
    story.chapter("Records flow into two streams; an archiver drains them");
    flowUntil(until);
    awaitThat("the archiver commits", () -> archivedOf("orders") > 0 && archivedOf("clicks") > 0);
  }

  /** Shows how records flow, until then or until the signal. */
  private void flowUntil(Instant until) throws InterruptedException {
    while (!stopped.getAsBoolean() && context.clock().instant().isBefore(until)) {
      Instant now = context.clock().instant();
      if (!now.isBefore(nextStatus)) {
        story.status(status.lines(producers, now));
        nextStatus = now.plus(story.terminal() ? LOOK : IN_LOG);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Goes on showing how records flow until the condition holds. */
  private void awaitThat(String what, BooleanSupplier condition) throws InterruptedException {
    Instant patience = context.clock().instant().plus(PATIENCE);
    while (!stopped.getAsBoolean() && !condition.getAsBoolean()) {
      if (context.clock().instant().isAfter(patience)) {
        throw new WatershedException(
            ErrorCode.INTERNAL,
            "The demo waited " + PATIENCE.toSeconds() + " s in vain until " + what,
            "Is the machine very busy? The archiver's log is " + folder.archiverLog());
      }
      flowUntil(context.clock().instant().plusMillis(250));
    }
  }

  private long archivedOf(String stream) {
    return status.archived(stream);
  }

  private void ask(QueryEngine engine) throws Exception {
    story.chapter("SQL over all of it: archived and live records as one, each once");
    for (String statement : STATEMENTS) {
      if (stopped.getAsBoolean()) {
        return;
      }
      story.line("");
      statement.lines().forEach(story::quote);
      StringWriter text = new StringWriter();
      engine.execute(SqlRequest.of(statement), ResultFormat.TABLE.sink(text));
      story.block(text.toString());
    }
  }

  private void killArchiver(Archivers archivers, Instant at) throws Exception {
    flowUntil(at);
    awaitThat("records are live", () -> producers.get(0).acknowledged() > archivedOf("orders"));
    if (stopped.getAsBoolean()) {
      return;
    }
    story.chapter("The archiver is killed in mid-flight (kill -9), and another one started");
    long killed = archivers.kill();
    long before = archivedOf("orders");
    long pid = archivers.start();
    story.line(
        "Process %d killed with %,d orders archived; process %d goes on from the checkpoints."
            .formatted(killed, before, pid));
    awaitThat("the new archiver commits", () -> archivedOf("orders") > before);
  }

  private Optional<ReplayOutcome> replay(QueryEngine engine, Instant start, Instant at)
      throws Exception {
    flowUntil(at);
    if (stopped.getAsBoolean()) {
      return Optional.empty();
    }
    Instant committed = status.lastCommit("orders");
    Instant until = start.plus(Duration.between(start, committed).dividedBy(2));
    story.chapter("The first half of 'orders' is replayed into '" + TARGET + "'");
    Replays replays = connections.replays(engine);
    ReplayPlan plan =
        replays.plan(
            ReplayRequest.of("orders", TARGET)
                .between(Optional.of(start), Optional.of(until))
                .paced(new ReplayPace(0.9, OptionalDouble.empty())));
    ReplayOutcome outcome = replays.run(plan, ReplayListener.NONE, stopped);
    story.line(
        "%,d planned, %,d acknowledged, %d order violations; each record names its origin."
            .formatted(outcome.planned(), outcome.acknowledged(), outcome.orderViolations()));
    return Optional.of(outcome);
  }

  private String verifyNow() {
    String verdict = "ok";
    Verify verify = new Verify(connections.reservoir(), context.clock());
    for (Producer producer : producers) {
      StreamConfig stream = config.stream(producer.stream());
      VerifyReport report =
          verify.run(stream.alias(), VerifyDepth.ROWS, Optional.of(connections.source(stream)));
      story.line(
          "%s: %s. %,d records in %,d files add up; %,d compared with the stream, byte for byte."
              .formatted(
                  stream.alias(),
                  report.verdict(),
                  report.rows(),
                  report.files(),
                  report.compared()));
      if (!report.ok()) {
        verdict = report.stream() + ": " + report.findings().get(0).message();
        story.line(verdict);
      }
    }
    return verdict;
  }

  private void sayWhatNext() {
    String command = launcher + " %s --config " + context.relative(folder.config());
    story.chapter("Your turn: while this runs, in a browser or from another terminal");
    story.quote(server.toString());
    story.quote(command.formatted("sql") + " \"SELECT status, count(*) FROM orders GROUP BY ALL\"");
    story.quote(command.formatted("replay") + " orders --from 1m --target " + TARGET + " --yes");
    story.quote(command.formatted("verify"));
    story.quote(command.formatted("status"));
    story.line("Kinesis is at " + kinesis.endpoint() + ". Ctrl-C ends the demo.");
    story.line("");
  }

  /** Counts everything again, by other means than those that wrote it. */
  private DemoReport finish(QueryEngine engine, Archivers archivers, ReplayOutcome replay)
      throws Exception {
    story.chapter("The end: the producers stop, everything is counted once more");
    List<DemoCounts> counts = new ArrayList<>();
    for (Producer producer : producers) {
      producer.finish();
    }
    for (Producer producer : producers) {
      DemoCounts found = count(engine, producer);
      story.line(found.line());
      counts.add(found);
    }
    int exit = archivers.stop();
    String verdict = verifyNow();
    if (exit != 0 && verdict.equals("ok")) {
      verdict = "the archiver ended with status " + exit + ", see " + folder.archiverLog();
      story.line(verdict);
    }
    TargetCheck.Found found =
        TargetCheck.read(connections.newSource(config.streamOrDefault(TARGET)), replay.planId());
    story.line(
        "%s: %,d of %,d replayed records found, %d out of order."
            .formatted(TARGET, found.origins(), replay.planned(), found.violations()));
    return new DemoReport(
        counts,
        new DemoReport.Replayed(
            replay.planned(),
            replay.acknowledged(),
            Math.max(replay.orderViolations(), found.violations()),
            found.origins()),
        verdict,
        archivers.killed());
  }

  private DemoCounts count(QueryEngine engine, Producer producer) {
    String stream = producer.stream();
    LongRow row = new LongRow();
    engine.execute(
        SqlRequest.of(
            "SELECT (SELECT count(*) FROM "
                + stream
                + "_archive), (SELECT count(*) FROM "
                + stream
                + "_live), (SELECT count(*) FROM "
                + stream
                + "), (SELECT count(*) FROM (SELECT DISTINCT _incarnation, _shard_id,"
                + " _sequence_number, _sub_sequence_number FROM "
                + stream
                + "))"),
        row);
    return new DemoCounts(
        stream,
        producer.acknowledged(),
        row.value(0),
        row.value(1),
        row.value(2),
        row.value(3),
        status.gaps(stream));
  }
}
