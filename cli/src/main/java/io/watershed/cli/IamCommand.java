package io.watershed.cli;

import io.watershed.cli.iam.CommandAccess;
import io.watershed.cli.iam.LeastPolicy;
import io.watershed.core.config.WatershedConfig;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a command must be allowed to do. */
@Command(
    name = "iam",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the least IAM policy that a command needs for the configured streams and reservoir.",
      "The policy goes to standard output, notes to standard error. Nothing is asked of AWS."
    },
    footer = {
      "",
      "Examples:",
      "  watershed iam archive > policy.json",
      "  watershed iam archive --role arn:aws:iam::123456789012:role/reader",
      "  watershed iam replay orders --target orders-copy",
      "  watershed iam serve --target orders-copy"
    })
final class IamCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "COMMAND",
      description =
          "archive, sql, replay, serve, verify, status, maintain, import, repair, catalog or doctor.")
  String command = "";

  @Parameters(
      index = "1..*",
      paramLabel = "STREAM",
      description = "Only these streams. Default: all that are configured.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--role",
      paramLabel = "ARN",
      description = "The policy of this role, one that the configuration names in role_arn.")
  @Nullable String role;

  @Option(names = "--target", paramLabel = "STREAM", description = "Where a replay would write.")
  @Nullable String target;

  IamCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    CommandAccess access = CommandAccess.of(command);
    WatershedConfig config = context.config();
    LeastPolicy policy =
        new LeastPolicy(
            access,
            Optional.ofNullable(role),
            config.select(names),
            Optional.ofNullable(target).map(config::streamOrDefault),
            config.reservoir(),
            config.catalog());
    if (role != null && !policy.roles().contains(role)) {
      throw new WatershedException(
          ErrorCode.USAGE,
          "'" + command + "' uses no role " + role,
          policy.roles().isEmpty()
              ? "The configuration names no role_arn for it."
              : "It uses: " + String.join(", ", policy.roles()));
    }
    context.console().print(policy.document());
    policy.notes().forEach(note -> context.console().say("note: " + note));
    return 0;
  }
}
