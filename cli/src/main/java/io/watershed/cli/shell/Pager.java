package io.watershed.cli.shell;

import java.io.IOException;
import java.io.Writer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/**
 * Prints page by page: when the window is full, asks for the next page (space), the next line
 * (Enter), or the end (q). Lines pass as they come, so results of any size do. Used by one thread;
 * {@link #interrupt} by any.
 */
final class Pager extends Writer {
  private static final String QUESTION = "-- more: space, Enter, q --";
  private static final long LOOK_MILLIS = 100;
  private static final int CTRL_C = 3;
  private static final int CTRL_D = 4;
  private static final int END_OF_INPUT = -1;

  private final Terminal terminal;
  private int rowsLeft;
  private int column;
  private boolean stopped;
  private volatile boolean interrupted;

  Pager(Terminal terminal) {
    this.terminal = terminal;
    this.rowsLeft = rows();
  }

  /** The reader does not want the rest. */
  static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("the reader stopped");
    }
  }

  /** Answers the question, if it is being asked, with no. */
  void interrupt() {
    interrupted = true;
  }

  /** Whether the reader has said that the rest is not wanted. */
  boolean isStopped() {
    return stopped;
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    int from = offset;
    for (int at = offset; at < offset + length; at++) {
      column++;
      boolean wraps = column > width();
      if (buffer[at] == '\n' || wraps) {
        column = wraps ? 1 : 0;
        terminal.writer().write(buffer, from, at + 1 - from);
        from = at + 1;
        if (--rowsLeft <= 0) {
          ask();
        }
      }
    }
    terminal.writer().write(buffer, from, offset + length - from);
  }

  private void ask() throws IOException {
    terminal.writer().write(QUESTION);
    terminal.writer().flush();
    int key = key();
    terminal.writer().write("\r" + " ".repeat(QUESTION.length()) + "\r");
    terminal.writer().flush();
    switch (key) {
      case 'q', 'Q', CTRL_C, CTRL_D, END_OF_INPUT -> {
        stopped = true;
        throw new StoppedException();
      }
      case '\r', '\n', 'j' -> rowsLeft = 1;
      default -> rowsLeft = rows();
    }
  }

  private int key() throws IOException {
    Attributes before = terminal.enterRawMode();
    try {
      int key;
      do {
        key = terminal.reader().read(LOOK_MILLIS);
      } while (key == org.jline.utils.NonBlockingReader.READ_EXPIRED && !interrupted);
      return interrupted ? CTRL_C : key;
    } finally {
      terminal.setAttributes(before);
    }
  }

  /** A line stays for the question. */
  private int rows() {
    int height = terminal.getRows();
    return height > 1 ? height - 1 : Integer.MAX_VALUE;
  }

  private int width() {
    int width = terminal.getColumns();
    return width > 0 ? width : Integer.MAX_VALUE;
  }

  @Override
  public void flush() {
    terminal.writer().flush();
  }

  @Override
  public void close() {
    flush();
  }
}
