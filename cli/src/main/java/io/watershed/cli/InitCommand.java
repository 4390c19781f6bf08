package io.watershed.cli;

import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.ConfigOverrides;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a first configuration file, with comments. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = "Writes a first watershed.yaml, with comments. Never overwrites one.",
    footer = {
      "",
      "Example:",
      "  watershed init orders clicks --reservoir s3://my-bucket/watershed --region eu-central-1"
    })
final class InitCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "STREAM", description = "Streams to archive, by name or ARN.")
  List<String> streams = new ArrayList<>();

  @Option(
      names = "--reservoir",
      paramLabel = "PLACE",
      defaultValue = "./watershed-data",
      description = "s3://bucket/prefix or a folder. Default: ${DEFAULT-VALUE}.")
  String reservoir = "";

  InitCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Path file = context.configFile();
    String text =
        InitTemplate.read()
            .fill(
                reservoir,
                context.options().overrides(),
                streams.isEmpty() ? List.of("orders") : streams);
    // What we write must be what we read: a stream name that is none is refused here.
    new ConfigLoader(ConfigOverrides.NONE).parse(file, text);
    try {
      Files.writeString(
          file,
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          file + " is already there",
          "Edit it, or write another one with --config FILE.",
          e);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG, file + " cannot be written: " + e.getMessage(), "", e);
    }
    context.console().print("Wrote " + file);
    context
        .console()
        .say(
            streams.isEmpty()
                ? "Next: name your streams in it, then run 'watershed doctor'."
                : "Next: watershed doctor");
    return 0;
  }

  /** The text that init starts from. */
  record InitTemplate(String text) {
    static InitTemplate read() {
      try (InputStream in = InitCommand.class.getResourceAsStream("watershed.yaml")) {
        if (in == null) {
          throw new IllegalStateException("the jar lacks watershed.yaml");
        }
        return new InitTemplate(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String fill(String reservoir, ConfigOverrides access, List<String> streams) {
      String filled = text.replace("@RESERVOIR@", quoted(reservoir));
      filled = set(filled, "region", access.region().orElse(""));
      filled = set(filled, "profile", access.profile().orElse(""));
      filled = set(filled, "endpoint_url", access.endpointUrl().map(Object::toString).orElse(""));
      StringBuilder lines = new StringBuilder();
      streams.forEach(stream -> lines.append("  ").append(quoted(stream)).append(": {}\n"));
      return filled.replace("  @STREAMS@\n", lines);
    }

    /** Takes the comment sign off a key of 'aws' that has a value. */
    private static String set(String text, String key, String value) {
      return value.isEmpty()
          ? text
          : text.replaceFirst("  # " + key + ":[^\n]*", "  " + key + ": " + quoted(value));
    }

    private static String quoted(String value) {
      return value.matches("[A-Za-z0-9_./-]+") ? value : "'" + value.replace("'", "''") + "'";
    }
  }
}
