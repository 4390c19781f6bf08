package io.watershed.cli;

import io.watershed.cli.put.PartitionKeys;
import io.watershed.cli.put.PayloadReader;
import io.watershed.cli.put.PutProgressFile;
import io.watershed.cli.put.RecordPacks;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.config.StreamConfig;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a file of records into a stream. */
@Command(
    name = "put",
    mixinStandardHelpOptions = true,
    description = {
      "Puts the records of a file into a stream, per partition key in the file's order.",
      "The file has lines (NDJSON or any text) or is one JSON array."
    },
    footer = {
      "",
      "Examples:",
      "  watershed dev put orders orders.ndjson --key customer.id",
      "  gzip -dc log.gz | watershed dev put logs - --endpoint-url http://127.0.0.1:4567",
      "  watershed dev put orders orders.ndjson --key customer.id --aggregate 100",
      "  watershed dev put flights flights.json --key '{origin}-{destination}' --create 2"
    })
final class DevPutCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(index = "0", paramLabel = "STREAM", description = "Where to put them.")
  String stream = "";

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "The records; '-' for standard input.")
  String file = "";

  @Option(
      names = "--key",
      paramLabel = "FIELD",
      description = {
        "Partition key: a field (id, customer.id) or a text with fields in braces.",
        "Default: the record's number."
      })
  @Nullable String key;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "auto",
      description = "lines, array, or auto (default): an array if the file begins with '['.")
  PayloadReader.Format format = PayloadReader.Format.AUTO;

  @Option(names = "--rate", paramLabel = "N", description = "At most N records a second.")
  @Nullable Double rate;

  @Option(
      names = "--aggregate",
      paramLabel = "N",
      description = {
        "Pack up to N records into one, as the Kinesis Producer Library does. Those of one partition",
        "key stay in order."
      })
  @Nullable Integer aggregate;

  @Option(
      names = "--create",
      paramLabel = "SHARDS",
      description = "Create the stream with so many shards if it does not exist.")
  @Nullable Integer create;

  @Option(names = "--limit", paramLabel = "N", description = "At most N records.")
  @Nullable Long limit;

  @Option(names = "--skip", paramLabel = "N", description = "Leave out the first N records.")
  long skip;

  @Option(names = "--resume", description = "Go on where an interrupted put of this file ended.")
  boolean resume;

  DevPutCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    WatershedConfig config = context.configOrDefaults();
    StreamConfig target = config.streamOrDefault(stream);
    Optional<PutProgressFile> progress = progressFile();
    long done = resume ? progress.orElseThrow(this::notResumable).read() : 0;
    try (Connections connections = new Connections(context, config);
        PayloadReader reader = PayloadReader.open(open(), format)) {
      if (create != null) {
        connections.createIfMissing(target, create);
      }
      RecordPut put =
          new RecordPut(
              context,
              reader,
              key == null ? PartitionKeys.ofNumber() : PartitionKeys.of(key),
              new RecordPacks(aggregate()),
              new RecordPut.Range(
                  Math.max(skip, done), limit == null ? Long.MAX_VALUE : skip + limit),
              rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
              progress,
              file.equals("-") ? 0 : Files.size(path()));
      RecordPut.Outcome outcome = put.run(connections.sink(target));
      return report(outcome);
    }
  }

  private int aggregate() {
    if (aggregate == null) {
      return 1;
    }
    if (aggregate < 1 || aggregate > AggregateReader.MAX_RECORDS) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--aggregate " + aggregate + " is out of bounds",
          "Write one from 1 to " + AggregateReader.MAX_RECORDS + ".");
    }
    return aggregate;
  }

  private int report(RecordPut.Outcome outcome) {
    if (context.options().format() == OutputFormat.TABLE) {
      context
          .console()
          .print(
              String.format(
                  Locale.ROOT,
                  "%,d records put into %s in %.1f s%s",
                  outcome.acknowledged(),
                  stream,
                  outcome.seconds(),
                  outcome.throttled() == 0
                      ? ""
                      : String.format(Locale.ROOT, ", %,d throttled", outcome.throttled())));
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("stream", stream)
                  .put("acknowledged", outcome.acknowledged())
                  .put("throttled", outcome.throttled())
                  .put("seconds", outcome.seconds())
                  .put("complete", outcome.complete())
                  .toString());
    }
    outcome.error().ifPresent(error -> new Failures(context).ofCommand(error));
    if (!outcome.complete() && !file.equals("-")) {
      context.console().say("Go on with the same command and --resume");
    }
    return outcome.error().isPresent()
        ? outcome.error().get().code().exitCode()
        : outcome.complete() ? 0 : ErrorCode.CANCELLED.exitCode();
  }

  private InputStream open() throws IOException {
    if (file.equals("-")) {
      return context.input();
    }
    try {
      return Files.newInputStream(path());
    } catch (NoSuchFileException e) {
      throw new WatershedException(
          ErrorCode.USAGE, "There is no file " + file, "Name a file of records, or '-'.", e);
    }
  }

  private Optional<PutProgressFile> progressFile() {
    return file.equals("-") ? Optional.empty() : Optional.of(new PutProgressFile(path(), stream));
  }

  private Path path() {
    return context.folder().resolve(file);
  }

  private WatershedException notResumable() {
    return new WatershedException(
        ErrorCode.USAGE, "Standard input cannot be resumed", "Put the records into a file first.");
  }
}
