package io.watershed.cli;

import io.watershed.archive.overview.Overviews;
import io.watershed.archive.overview.StatusJson;
import io.watershed.archive.overview.StreamOverview;
import io.watershed.core.config.DurationText;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is archived and what waits. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows, per stream and shard, what is archived and what waits in the stream: records, lag, the",
      "time until the stream trims what waits, rate, last commit, files, gaps. It asks the reservoir,",
      "and each unfinished shard with one small read; it works whether an archiver runs or not."
    },
    footer = {
      "",
      "Examples:",
      "  watershed status",
      "  watershed status orders --watch",
      "  watershed status --shards               the whole lineage",
      "  watershed status --no-live --json       the reservoir alone"
    })
final class StatusCommand implements Callable<Integer> {
  private static final String CLEAR = "\033[H\033[2J";
  private static final Duration SHORTEST_WATCH = Duration.ofSeconds(2);

  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Only these. Default: all that are archived.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--live",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Ask the streams, too (default), or with --no-live only the reservoir.")
  boolean live;

  @Option(names = "--shards", description = "Show finished shards and parents, too.")
  boolean shards;

  @Option(
      names = "--watch",
      paramLabel = "INTERVAL",
      arity = "0..1",
      fallbackValue = "5s",
      description = "Look again every 5 s, or at this interval, until Ctrl-C.")
  @Nullable String watch;

  StatusCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    Optional<Duration> interval = interval();
    WatershedConfig config = context.config();
    try (Connections connections = new Connections(context, config)) {
      if (interval.isEmpty()) {
        look(connections, config);
      } else {
        watch(connections, config, interval.get());
      }
    }
    return 0;
  }

  private Optional<Duration> interval() {
    Optional<Duration> interval = Optional.ofNullable(watch).map(DurationText::parse);
    if (interval.isPresent() && interval.get().compareTo(SHORTEST_WATCH) < 0) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--watch " + watch + " is too often: a shard allows 5 reads a second for all its readers",
          "Write 2s or longer.");
    }
    return interval;
  }

  private void watch(Connections connections, WatershedConfig config, Duration interval)
      throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    boolean drawn =
        context.console().terminal() && context.options().format() == OutputFormat.TABLE;
    try (AutoCloseable unused = context.shutdown().onStop(stopped::countDown)) {
      do {
        if (drawn) {
          context.console().print(CLEAR + context.clock().instant());
        }
        look(connections, config);
      } while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private void look(Connections connections, WatershedConfig config) {
    Reservoir reservoir = connections.reservoir();
    Overviews overviews = new Overviews(context.clock());
    List<String> streams =
        names.isEmpty()
            ? reservoir.streams()
            : names.stream()
                .map(name -> config.find(name).map(StreamConfig::alias).orElse(name))
                .toList();
    if (streams.isEmpty()) {
      context.console().say("Nothing is archived in " + config.reservoir().root() + " yet.");
    }
    for (String stream : streams) {
      print(overview(overviews, reservoir.archive(stream), connections, config));
    }
  }

  /** Without a region, credentials or a stream, the table still has its story to tell. */
  private StreamOverview overview(
      Overviews overviews, ArchiveTable table, Connections connections, WatershedConfig config) {
    Optional<StreamSource> source = Optional.empty();
    Optional<String> problem = Optional.empty();
    try {
      source = live ? config.find(table.stream()).map(connections::source) : source;
    } catch (WatershedException e) {
      problem = Optional.of(String.valueOf(e.getMessage()) + ". " + e.hint());
    }
    StreamOverview overview = overviews.look(table, source);
    return problem.map(overview::notAsked).orElse(overview);
  }

  private void print(StreamOverview overview) {
    if (context.options().format() == OutputFormat.TABLE) {
      StatusText.lines(overview, shards, context.clock().instant())
          .forEach(context.console()::print);
    } else {
      context.console().print(StatusJson.of(overview).toString());
    }
  }
}
