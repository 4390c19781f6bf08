package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.checkpoint.After;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.config.DataSize;
import io.watershed.core.config.DurationText;
import io.watershed.core.config.WatershedConfig;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.TableState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what is archived, from the tables alone. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what is archived of each stream, from the reservoir alone.",
    footer = {
      "",
      "Examples:",
      "  watershed status             one line per stream",
      "  watershed status --shards    and one per shard, parents before children",
      "  watershed status --json      everything, for programs"
    })
final class StatusCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--shards", description = "Show every shard, with its parents.")
  boolean shards;

  StatusCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.config();
    try (Connections connections = new Connections(context, config)) {
      Reservoir reservoir = connections.reservoir();
      List<String> streams = reservoir.streams();
      if (streams.isEmpty()) {
        context.console().say("Nothing is archived in " + config.reservoir().root() + " yet.");
      }
      for (String stream : streams) {
        reservoir.find(stream).ifPresent(this::print);
      }
    }
    return 0;
  }

  private void print(ArchiveTable table) {
    TableState state = table.load();
    StreamArchive archive = StreamArchive.of(state, table.files(state));
    if (context.options().format() == OutputFormat.TABLE) {
      Instant now = context.clock().instant();
      context.console().print(archive.line(now));
      if (shards) {
        archive.lineage().forEach(shard -> context.console().print(shard.line(now)));
      }
    } else {
      context.console().print(archive.json());
    }
  }

  /** What one table holds. */
  record StreamArchive(
      String stream,
      long rows,
      List<ArchivedShard> lineage,
      int shards,
      int ended,
      int files,
      long bytes,
      List<Gap> gaps,
      Instant lastCommit) {
    static StreamArchive of(TableState state, List<DataFileInfo> files) {
      var checkpoints = state.checkpoints().values();
      return new StreamArchive(
          state.stream(),
          checkpoints.stream().mapToLong(ShardCheckpoint::rows).sum(),
          ArchivedShard.of(state),
          checkpoints.size(),
          (int) checkpoints.stream().map(ShardCheckpoint::after).filter(After::isEnd).count(),
          files.size(),
          files.stream().mapToLong(DataFileInfo::sizeBytes).sum(),
          state.gaps(),
          state.snapshotTime());
    }

    String line(Instant now) {
      Duration age = Duration.between(lastCommit, now).truncatedTo(ChronoUnit.SECONDS);
      return "%s: %,d records, %s in %,d files; %d shards (%d ended); last commit %s%s"
          .formatted(
              stream,
              rows,
              new DataSize(bytes).approximate(),
              files,
              shards,
              ended,
              lastCommit.equals(Instant.EPOCH)
                  ? "never"
                  : DurationText.format(age.isNegative() ? Duration.ZERO : age) + " ago",
              gaps.isEmpty() ? "" : "; GAPS: " + gaps.size());
    }

    String json() {
      ObjectNode json = Json.object();
      json.put("stream", stream)
          .put("rows", rows)
          .put("files", files)
          .put("bytes", bytes)
          .put("shards", shards)
          .put("shards_ended", ended)
          .put("gaps", gaps.size())
          .put("last_commit", lastCommit.equals(Instant.EPOCH) ? null : lastCommit.toString());
      ArrayNode shardsNow = json.putArray("lineage");
      lineage.forEach(shard -> shardsNow.add(shard.json()));
      ArrayNode gapsNow = json.putArray("gap_list");
      gaps.forEach(gap -> gapsNow.add(json(gap)));
      return json.toString();
    }

    private static ObjectNode json(Gap gap) {
      return Json.object()
          .put("shard", gap.shard().shardId())
          .put("incarnation", gap.shard().incarnation())
          .put("after", gap.afterPosition())
          .put("from", gap.from().map(Instant::toString).orElse(null))
          .put("until", gap.until().map(Instant::toString).orElse(null))
          .put("reason", gap.reason())
          .put("detected_at", gap.detectedAt().toString());
    }
  }
}
