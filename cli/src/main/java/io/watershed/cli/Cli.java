package io.watershed.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;

/** Wires the commands and runs one. */
final class Cli {
  private Cli() {}

  /** Runs one command line; never throws. */
  static int run(
      String[] args,
      Console console,
      InputStream input,
      Map<String, String> environment,
      Path folder,
      Shutdown shutdown) {
    CommandContext context =
        new CommandContext(
            new GlobalOptions(), console, input, environment, folder, Clock.systemUTC(), shutdown);
    try {
      return commandLine(context).execute(args);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  static CommandLine commandLine(CommandContext context) {
    Failures failures = new Failures(context);
    CommandLine root = new CommandLine(new RootCommand());
    root.addMixin("global", context.options());
    root.addSubcommand(new DemoCommand(context))
        .addSubcommand(new InitCommand(context))
        .addSubcommand(new DoctorCommand(context))
        .addSubcommand(new ArchiveCommand(context))
        .addSubcommand(new SqlCommand(context))
        .addSubcommand(new TailCommand(context))
        .addSubcommand(new ReplayCommand(context))
        .addSubcommand(new VerifyCommand(context))
        .addSubcommand(new StatusCommand(context))
        .addSubcommand(new RepairCommand(context))
        .addSubcommand(new MaintainCommand(context))
        .addSubcommand(new ImportCommand(context))
        .addSubcommand(new IamCommand(context))
        .addSubcommand(
            new CommandLine(new DevCommand())
                .addSubcommand(new DevKinesisCommand(context))
                .addSubcommand(new DevPutCommand(context))
                .addSubcommand(new DevReshardCommand(context))
                .addSubcommand(new DevSimulateCommand(context))
                .addSubcommand(new DevBenchCommand(context)));
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(context.console().out())
        .setErr(context.console().err())
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(
            parsed -> {
              LogSetup.format(context.options().log);
              refuseParquet(parsed, context.options());
              return new CommandLine.RunLast().execute(parsed);
            })
        .setExecutionExceptionHandler((error, command, parsed) -> failures.ofCommand(error))
        .setParameterExceptionHandler((error, words) -> failures.ofUsage(error));
  }

  private static void refuseParquet(CommandLine.ParseResult parsed, GlobalOptions options) {
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    String command = parsed.commandSpec().name();
    if (options.format() == OutputFormat.PARQUET && !command.equals("sql")) {
      throw new CommandLine.ParameterException(
          parsed.commandSpec().commandLine(), "'" + command + "' does not answer in Parquet");
    }
  }
}
