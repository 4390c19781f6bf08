package io.watershed.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code watershed} itself. */
@Command(
    name = "watershed",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Streams drain into a reservoir: archive, query and replay Amazon Kinesis records.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  watershed demo                 everything at once, on this machine",
      "  watershed init                 write a first watershed.yaml",
      "  watershed archive              archive the configured streams until Ctrl-C",
      "  watershed sql \"SELECT count(*) FROM orders\"",
      "",
      "Exit status: 0 ok, 1 error, 2 usage, 3 gap, 4 integrity, 5 fenced, 6 limit."
    })
final class RootCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing");
  }
}
