package io.watershed.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code watershed cluster}: only its subcommands do anything. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Brings up an Amazon EMR cluster with Hive and Apache Drill over the reservoir, and takes it",
      "down. Each command can be run again; --dry-run prints the requests and sends none. The same",
      "commands work without 'cluster' before them."
    },
    footer = {
      "",
      "Examples:",
      "  watershed cluster everything -c watershed.json -k key.pem -t",
      "                                 up, tables, forwarding; Ctrl-C takes it down again",
      "  watershed cluster launch-cluster --dry-run",
      "  watershed cluster terminate-cluster"
    })
final class ClusterCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing");
  }
}
