package io.watershed.cli;

import io.watershed.core.config.Nearest;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints errors as {@code error[code]: message} and {@code hint: …}, and turns them into a status.
 */
public final class Failures {
  private final CommandContext context;

  /** Prints where the command does. */
  public Failures(CommandContext context) {
    this.context = context;
  }

  /** Prints an error of a command that ran; gives its exit status. */
  public int ofCommand(Throwable thrown) {
    Throwable error = unwrap(thrown);
    if (error instanceof WatershedException known) {
      print(known.code(), String.valueOf(known.getMessage()), known.hint());
    } else {
      print(
          ErrorCode.INTERNAL,
          describe(error),
          "This is a defect in watershed, or a state that it does not know. Run again with"
              + " --verbose for the stack trace.");
    }
    if (context.options().verbose) {
      error.printStackTrace(context.console().err());
      context.console().err().flush();
    }
    return error instanceof WatershedException known
        ? known.code().exitCode()
        : ErrorCode.INTERNAL.exitCode();
  }

  /** An error of how a command was typed. */
  int ofUsage(ParameterException error) {
    if (error.getCause() instanceof WatershedException known) {
      return ofCommand(known);
    }
    CommandLine command = error.getCommandLine();
    String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    print(ErrorCode.USAGE, message, hint(error, command));
    return ErrorCode.USAGE.exitCode();
  }

  private static String hint(ParameterException error, CommandLine command) {
    String help = "See '" + command.getCommandSpec().qualifiedName() + " --help'.";
    if (error instanceof UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getUnmatched();
      return words.stream()
          .findFirst()
          .flatMap(word -> Nearest.to(word, known(command, word)))
          .map(nearest -> "Did you mean '" + nearest + "'? " + help)
          .orElse(help);
    }
    return help;
  }

  private static List<String> known(CommandLine command, String word) {
    return word.startsWith("-")
        ? List.copyOf(command.getCommandSpec().optionsMap().keySet())
        : List.copyOf(command.getSubcommands().keySet());
  }

  private void print(ErrorCode code, String message, String hint) {
    context.console().out().flush();
    if (context.options().log == LogFormat.JSON) {
      context.console().say(LogLine.ofError(context.clock().instant(), code.text(), message, hint));
      return;
    }
    context.console().say("error[" + code.text() + "]: " + message);
    if (!hint.isBlank()) {
      context.console().say("hint: " + hint);
    }
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable error = thrown;
    while ((error instanceof CompletionException || error instanceof ExecutionException)
        && error.getCause() != null) {
      error = error.getCause();
    }
    return error;
  }

  private static String describe(Throwable error) {
    String message = error.getMessage();
    return error.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
