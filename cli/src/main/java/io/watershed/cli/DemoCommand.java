package io.watershed.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Everything at once, on this machine. */
@Command(name = "demo", mixinStandardHelpOptions = true, footer = "Example: watershed demo")
final class DemoCommand implements Callable<Integer> {
  private final CommandContext context;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    context.console().say("being built");
    return 1;
  }
}
