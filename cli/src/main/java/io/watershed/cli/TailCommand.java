package io.watershed.cli;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.TimeText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.RecordJson;
import io.watershed.core.record.StreamRecord;
import io.watershed.query.QueryEngine;
import io.watershed.query.StatementControl;
import io.watershed.query.follow.FollowOutcome;
import io.watershed.query.follow.FollowOutcome.Ending;
import io.watershed.query.follow.FollowPlace;
import io.watershed.query.follow.FollowRequest;
import io.watershed.query.follow.FollowSink;
import io.watershed.query.follow.FollowStart;
import io.watershed.query.follow.FollowStartText;
import io.watershed.query.follow.Follower;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows records as they come. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a stream's records as they come, from now on, or from an earlier time: then what is",
      "archived first, and on over the seam to the live side, each record once. Records of one",
      "partition key are in order; between shards there is no order. Until Ctrl-C, which says how",
      "to go on."
    },
    footer = {
      "",
      "Examples:",
      "  watershed tail orders",
      "  watershed tail orders --where \"status = 'failed'\" --json",
      "  watershed tail orders --from 2026-11-01               archive and live in one go",
      "  watershed tail orders --from shardId-000000000001:49590338271490256608559692538361571095921575989136588898",
      "  watershed tail orders --from 2h --until 1h -o json > hour.ndjson"
    })
final class TailCommand implements Callable<Integer> {
  /** A longer place goes into a file. */
  private static final int MAX_PLACE_CHARS = 2_000;

  private static final String PLACE_SUFFIX = ".place";

  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "The stream.")
  String stream = "";

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      defaultValue = "now",
      description = {
        "Where to begin: now (default), start (everything that archive and stream hold), a time",
        "(RFC 3339, a date in UTC, or 2h ago), what an earlier tail printed when it ended (the word",
        "itself, or the file that holds it), or SHARD:SEQUENCE: after that record, in that shard and",
        "its descendants (several with commas)."
      })
  String from = "now";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only records that arrived before; ends when every shard is past it.")
  @Nullable String until;

  @Option(
      names = "--follow",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Go on with what arrives (default); --no-follow ends at the tip.")
  boolean follow;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "End after so many records.")
  @Nullable Long limit;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Only records for which this holds, over the columns of the view.")
  @Nullable String where;

  TailCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    RecordFormat format = format();
    FollowRequest request = request(config);
    StatementControl control = new StatementControl();
    Output output = new Output(context, format);
    try (Connections connections = new Connections(context, config);
        QueryEngine engine = connections.engine();
        Follower follower =
            Follower.open(
                engine,
                connections.reservoir(),
                connections.streamSources(),
                config.sql(),
                config.live(),
                config.template().archive().outages().limit(),
                connections.cache().resolve("tmp"));
        AutoCloseable unused = context.shutdown().onStop(control::cancel)) {
      return report(follower.follow(request, output, control));
    }
  }

  private RecordFormat format() {
    return switch (context.options().format()) {
      case TABLE -> RecordLine::of;
      case JSON, NDJSON -> RecordJson::of;
      default ->
          throw new WatershedException(
              ErrorCode.USAGE,
              "tail does not write " + context.options().format().name().toLowerCase(Locale.ROOT),
              "Use --json (one object a line), or 'watershed sql' for a result with an end.");
    };
  }

  private FollowRequest request(WatershedConfig config) {
    if (limit != null && limit < 1) {
      throw new WatershedException(
          ErrorCode.USAGE, "--limit " + limit + " shows nothing", "Write 1 or more.");
    }
    return new FollowRequest(
        config.find(stream).map(StreamConfig::alias).orElse(stream),
        start(),
        Optional.ofNullable(until).map(text -> TimeText.parse(text, context.clock())),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(where),
        follow,
        limit == null ? OptionalLong.empty() : OptionalLong.of(limit));
  }

  private FollowStart start() {
    Path file = context.folder().resolve(from.strip());
    if (from.strip().endsWith(PLACE_SUFFIX) && Files.isRegularFile(file)) {
      return new FollowStart.At(FollowPlace.parse(read(file)));
    }
    return FollowStartText.parse(from, context.clock());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT, "'" + file + "' cannot be read: " + e.getMessage(), "", e);
    }
  }

  private int report(FollowOutcome outcome) {
    context.console().out().flush();
    // A place counts what was printed, and some of that did not arrive.
    if (outcome.ending() != Ending.CLOSED && context.console().failure().isEmpty()) {
      outcome.place().ifPresent(place -> sayHowToGoOn(place.text()));
    }
    if (outcome.error().isPresent()) {
      return new Failures(context).ofCommand(outcome.error().get());
    }
    return outcome.gaps() == 0 ? 0 : ErrorCode.GAP.exitCode();
  }

  private void sayHowToGoOn(String place) {
    String from = place.length() <= MAX_PLACE_CHARS ? place : save(place).orElse(place);
    List<String> words = new ArrayList<>(List.of("tail", stream, "--from", from));
    if (where != null) {
      words.addAll(List.of("--where", where));
    }
    if (until != null) {
      words.addAll(List.of("--until", until));
    }
    if (context.options().format() != OutputFormat.TABLE) {
      words.add("--json");
    }
    context.console().say("Go on with: " + context.again(words.toArray(String[]::new)));
  }

  private Optional<String> save(String place) {
    String name =
        stream.replaceAll("[^A-Za-z0-9_.-]", "_")
            + "-"
            + FILE_TIME.format(context.clock().instant())
            + PLACE_SUFFIX;
    try {
      Files.writeString(
          context.folder().resolve(name),
          place + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW);
      return Optional.of(name);
    } catch (IOException e) {
      context.console().say("note: " + name + " cannot be written: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** How a record becomes a line. */
  private interface RecordFormat {
    String line(StreamRecord record);
  }

  /** Lines on standard output, everything else on standard error. */
  private record Output(CommandContext context, RecordFormat format) implements FollowSink {
    @Override
    public void record(StreamRecord record) throws IOException {
      Optional<IOException> failure = context.console().failure();
      if (failure.isPresent()) {
        throw failure.get();
      }
      PrintWriter out = context.console().out();
      out.print(format.line(record));
      out.print('\n');
    }

    @Override
    public void pause() throws IOException {
      // Flushes too. A pipe that nobody reads any more ends the command quietly.
      if (context.console().out().checkError()) {
        throw new IOException("standard output is closed");
      }
    }

    @Override
    public void gap(Gap gap) {
      context.console().out().flush();
      context
          .console()
          .say(
              "GAP: "
                  + gap.shard().shardId()
                  + " after "
                  + gap.afterPosition()
                  + gap.from().map(time -> ", from " + time).orElse("")
                  + gap.until().map(time -> ", until " + time).orElse("")
                  + ": the stream trimmed records before they were read or archived ("
                  + gap.reason()
                  + ")");
    }

    @Override
    public void notice(String sentence) {
      context.console().out().flush();
      context.console().say("note: " + sentence);
    }
  }
}
