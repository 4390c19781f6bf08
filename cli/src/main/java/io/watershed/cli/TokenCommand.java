package io.watershed.cli;

import io.watershed.server.http.AccessRule;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token for a server. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a token for 'watershed serve': prints it once, and the line for server.tokens of the",
      "configuration, which has only its hash. Nothing is written."
    },
    footer = {
      "",
      "Examples:",
      "  watershed token alice --role operate",
      "  watershed token grafana --role read --json"
    })
final class TokenCommand implements Callable<Integer> {
  /** What who has a token may do. */
  enum TokenRole {
    READ,
    OPERATE
  }

  private static final int TOKEN_BYTES = 32;

  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      description = "Who has it, as the audit log will say: letters, digits, and . _ - @.")
  String name = "";

  @Option(names = "--role", paramLabel = "read|operate", description = "Default: read.")
  TokenRole role = TokenRole.READ;

  TokenCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!name.matches("[A-Za-z0-9_.@-]{1,64}")) {
      throw new io.watershed.core.error.WatershedException(
          io.watershed.core.error.ErrorCode.USAGE,
          "'" + name + "' is not a name for a token",
          "Take letters, digits, and . _ - @.");
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    String hash = AccessRule.hash(token);
    String word = role.name().toLowerCase(Locale.ROOT);
    if (context.options().format() == OutputFormat.TABLE) {
      context.console().print(token);
      context.console().say("That is the token; it is shown only now. In watershed.yaml:");
      context.console().say("server:");
      context.console().say("  tokens:");
      context.console().say("    - {name: '" + name + "', role: " + word + ", hash: " + hash + "}");
    } else {
      context
          .console()
          .print(
              Json.object()
                  .put("token", token)
                  .put("name", name)
                  .put("role", word)
                  .put("hash", hash)
                  .toString());
    }
    return 0;
  }
}
