package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.view.EmittedView;
import io.watershed.query.view.ForeignEngine;
import io.watershed.reservoir.Reservoir;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Prints a stream's archived side as a CREATE VIEW for another engine: {@code sql --emit-view}. */
final class EmitView {
  @Option(
      names = "--emit-view",
      paramLabel = "ENGINE",
      description = {
        "Print CREATE VIEW <stream>_archive for athena, spark or trino, and run nothing.",
        "The argument is then the stream's name."
      })
  @Nullable ForeignEngine engine;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "With --emit-view: the archive table's name in that engine, as SQL.")
  @Nullable String table;

  /**
   * Whether it was asked for.
   *
   * @throws WatershedException {@code usage} for a table's name without it
   */
  boolean isWanted() {
    if (engine == null && table != null) {
      throw new WatershedException(
          ErrorCode.USAGE, "--table goes with --emit-view", "Name the engine, or leave it out.");
    }
    return engine != null;
  }

  /**
   * Prints it.
   *
   * @throws WatershedException {@code not-found} if nothing was ever archived, {@code usage}
   *     without a stream
   */
  void print(CommandContext context, Reservoir reservoir, @Nullable String stream) {
    if (stream == null) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "--emit-view needs the name of a stream",
          "For example: watershed sql --emit-view trino orders");
    }
    EmittedView view =
        EmittedView.of(
            Objects.requireNonNull(engine),
            reservoir.archive(stream).load(),
            reservoir.toString(),
            Optional.ofNullable(table));
    OutputFormat format = context.options().format();
    if (format != OutputFormat.JSON && format != OutputFormat.NDJSON) {
      context.console().print(view.sql().stripTrailing());
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("stream", stream)
                  .put("engine", view.engine().name().toLowerCase(Locale.ROOT))
                  .put("metadata_version", view.metadataVersion())
                  .put("sql", view.sql())
                  .toString());
    }
  }
}
