package io.watershed.cli.shell;

import io.watershed.cli.OutputFormat;
import io.watershed.cli.sql.Execution;
import io.watershed.cli.sql.ResultOutput;
import io.watershed.cli.sql.TerminalOutput;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.QueryOutcome;
import java.io.IOException;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** The shell's terminal: results that are longer than the window stop page by page. */
final class PagedOutput implements ResultOutput {
  private final Terminal terminal;
  private volatile @Nullable Pager current;

  PagedOutput(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Optional<QueryOutcome> print(OutputFormat format, Execution statement) throws IOException {
    Pager pager = new Pager(terminal);
    current = pager;
    try {
      return new TerminalOutput(pager, terminal.getColumns()).print(format, statement);
    } catch (WatershedException e) {
      if ((e.code() == ErrorCode.OUTPUT || e.code() == ErrorCode.CANCELLED) && pager.isStopped()) {
        return Optional.empty();
      }
      throw e;
    } finally {
      current = null;
    }
  }

  /** Ends the question for the next page, if there is one. */
  void interrupt() {
    Pager pager = current;
    if (pager != null) {
      pager.interrupt();
    }
  }
}
