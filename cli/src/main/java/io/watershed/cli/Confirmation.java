package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The question before something is changed. */
final class Confirmation {
  private final CommandContext context;

  Confirmation(CommandContext context) {
    this.context = context;
  }

  /**
   * Asks the person at the terminal.
   *
   * @param what starts a sentence, such as "A replay"
   * @param question such as "Replay?"
   * @throws WatershedException {@code usage} where nobody can answer
   */
  boolean given(String what, String question) throws IOException {
    if (!context.console().terminal()) {
      throw new WatershedException(
          ErrorCode.USAGE, what + " asks before it writes", "Add --yes where nobody can answer.");
    }
    context.console().err().print(question + " [y/N] ");
    context.console().err().flush();
    String answer =
        new BufferedReader(new InputStreamReader(context.input(), StandardCharsets.UTF_8))
            .readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
