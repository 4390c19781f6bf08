package io.watershed.cli;

import io.watershed.core.error.UnwrittenOutput;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
      int status = commandLine(context, args).execute(args);
      console.out().flush();
      return status == 0 ? written(context) : status;
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  /** A command whose results did not arrive has not succeeded. */
  private static int written(CommandContext context) {
    return context
        .console()
        .failure()
        .filter(failure -> !UnwrittenOutput.isReaderGone(failure))
        .map(failure -> new Failures(context).ofCommand(UnwrittenOutput.error(failure)))
        .orElse(0);
  }

  /** With every command. */
  static CommandLine commandLine(CommandContext context) {
    return commandLine(context, new String[0]);
  }

  /**
   * With the command that the first word names and no other one, if it names one: to read the
   * annotations of all commands takes several times as long as a JVM takes to start.
   */
  static CommandLine commandLine(CommandContext context, String[] args) {
    Failures failures = new Failures(context);
    CommandLine root = new CommandLine(new RootCommand());
    root.addMixin("global", context.options());
    Map<String, Supplier<Object>> commands = commands(context);
    Map<String, Supplier<Object>> clusterCommands = clusterCommands(context);
    Supplier<Object> ofCluster = args.length == 0 ? null : clusterCommands.get(args[0]);
    if (ofCluster != null) {
      root.addSubcommand(ofCluster.get());
      commands.clear();
    } else if (args.length > 0 && commands.containsKey(args[0])) {
      commands.keySet().retainAll(Set.of(args[0]));
    } else {
      addHidden(root, clusterCommands);
    }
    commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
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

  /** What makes each command, in the order to list them. */
  private static Map<String, Supplier<Object>> commands(CommandContext context) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(context));
    commands.put("init", () -> new InitCommand(context));
    commands.put("doctor", () -> new DoctorCommand(context));
    commands.put("archive", () -> new ArchiveCommand(context));
    commands.put("serve", () -> new ServeCommand(context));
    commands.put("token", () -> new TokenCommand(context));
    commands.put("sql", () -> new SqlCommand(context));
    commands.put("tail", () -> new TailCommand(context));
    commands.put("replay", () -> replay(context));
    commands.put("verify", () -> new VerifyCommand(context));
    commands.put("status", () -> new StatusCommand(context));
    commands.put("repair", () -> new RepairCommand(context));
    commands.put("maintain", () -> new MaintainCommand(context));
    commands.put("import", () -> new ImportCommand(context));
    commands.put("catalog", () -> catalog(context));
    commands.put("iam", () -> new IamCommand(context));
    commands.put("dev", () -> dev(context));
    commands.put("cluster", () -> cluster(context));
    return commands;
  }

  /** The commands of the cluster, by every name that works at top level, too. */
  private static Map<String, Supplier<Object>> clusterCommands(CommandContext context) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    add(commands, () -> new ClusterUploadCommand(context), "upload-resources", "u");
    add(commands, () -> new ClusterLaunchCommand(context), "launch-cluster", "l");
    add(commands, () -> new ClusterWaitCommand(context), "wait-for-cluster", "w");
    add(commands, () -> new ClusterForwardCommand(context), "forward-local-ports", "f");
    add(commands, () -> new ClusterTablesCommand(context), "create-tables", "ct");
    add(
        commands,
        () -> new ClusterStorageCommand(context),
        "configure-storage-stream-archives",
        "cs");
    add(commands, () -> new ClusterTerminateCommand(context), "terminate-cluster", "t");
    add(commands, () -> new ClusterEverythingCommand(context), "everything", "e");
    return commands;
  }

  /** 'watershed --help' lists 'cluster' for all of them. */
  private static void addHidden(CommandLine root, Map<String, Supplier<Object>> commands) {
    Set.copyOf(commands.values())
        .forEach(
            command -> {
              CommandLine hidden = new CommandLine(command.get());
              hidden.getCommandSpec().usageMessage().hidden(true);
              root.addSubcommand(hidden);
            });
  }

  private static void add(
      Map<String, Supplier<Object>> commands, Supplier<Object> command, String... names) {
    for (String name : names) {
      commands.put(name, command);
    }
  }

  private static CommandLine cluster(CommandContext context) {
    CommandLine cluster = new CommandLine(new ClusterCommand());
    clusterCommands(context)
        .forEach(
            (name, command) -> {
              if (name.length() > 2) {
                cluster.addSubcommand(command.get());
              }
            });
    return cluster;
  }

  private static CommandLine catalog(CommandContext context) {
    return new CommandLine(new CatalogCommand())
        .addSubcommand(new CatalogSyncCommand(context))
        .addSubcommand(new CatalogPolicyCommand(context));
  }

  private static CommandLine replay(CommandContext context) {
    return new CommandLine(new ReplayCommand(context))
        .addSubcommand(new ReplayPlanCommand(context))
        .addSubcommand(new ReplayRunCommand(context))
        .addSubcommand(new ReplayPauseCommand(context))
        .addSubcommand(new ReplayResumeCommand(context))
        .addSubcommand(new ReplayCancelCommand(context))
        .addSubcommand(new ReplayListCommand(context))
        .addSubcommand(new ReplayShowCommand(context));
  }

  private static CommandLine dev(CommandContext context) {
    return new CommandLine(new DevCommand())
        .addSubcommand(new DevKinesisCommand(context))
        .addSubcommand(new DevPutCommand(context))
        .addSubcommand(new DevReshardCommand(context))
        .addSubcommand(new DevDrillCommand(context))
        .addSubcommand(new DevSimulateCommand(context))
        .addSubcommand(new DevBenchCommand(context));
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
