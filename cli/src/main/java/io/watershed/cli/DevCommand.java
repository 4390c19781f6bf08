package io.watershed.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands for trying, testing and measuring. */
@Command(
    name = "dev",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "For trying, testing and measuring: an endpoint, a producer, benchmarks.",
    footer = {"", "Example:", "  watershed dev kinesis --port 4567 --stream orders:2"})
final class DevCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing");
  }
}
