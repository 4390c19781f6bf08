package io.watershed.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Progress for a person: one line that is rewritten on a terminal, a line now and then in a log;
 * nothing for what is done at once. Used by one thread.
 */
public final class ProgressLine {
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration IN_LOG = Duration.ofSeconds(10);
  private static final String ERASE = "\r\u001b[2K";

  private final Console console;
  private final InstantSource clock;
  private Instant next;
  private boolean shown;

  /** On this console. */
  public ProgressLine(Console console, InstantSource clock) {
    this.console = console;
    this.clock = clock;
    this.next = clock.instant().plus(interval());
  }

  /** Shows the line if it is time for one. */
  public void update(Supplier<String> line) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(interval());
    if (console.terminal()) {
      console.err().print(ERASE + line.get());
      console.err().flush();
      shown = true;
    } else {
      console.say(line.get());
    }
  }

  /** Takes the line away, so that others can be printed. */
  public void clear() {
    if (shown) {
      console.err().print(ERASE);
      console.err().flush();
      shown = false;
    }
  }

  private Duration interval() {
    return console.terminal() ? ON_TERMINAL : IN_LOG;
  }
}
