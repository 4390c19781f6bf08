package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code watershed catalog}: only its subcommands do anything. */
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Archives as tables of the AWS Glue Data Catalog, for Athena, Trino and Spark. With",
      "'catalog: glue' in the configuration they follow each commit by themselves."
    },
    footer = {
      "",
      "Examples:",
      "  watershed catalog sync --dry-run",
      "  watershed catalog sync orders",
      "  watershed catalog policy --role arn:aws:iam::123456789012:role/archiver"
    })
final class CatalogCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing");
  }

  /** What to say when the configuration names no catalog. */
  static WatershedException missing(CommandContext context) {
    return new WatershedException(
        ErrorCode.CONFIG,
        "No catalog is configured in " + context.config().where(),
        "Add the line 'catalog: glue', or a part 'catalog' with the name of a database.");
  }
}
