package io.watershed.cli.demo;

import io.watershed.cli.Console;
import java.io.PrintWriter;

/**
 * What the demo tells a person: headings, lines, and a block of status lines that is redrawn in
 * place on a terminal. Used by one thread at a time.
 */
final class Story {
  private final PrintWriter out;
  private final boolean terminal;
  private int chapter;
  private int drawn;

  /** Tells it on {@code out}, or on {@code err} where {@code out} is for a program. */
  Story(Console console, boolean forProgram) {
    this.out = forProgram ? console.err() : console.out();
    this.terminal = console.terminal();
  }

  boolean terminal() {
    return terminal;
  }

  void title(String text) {
    erase();
    out.println(bold(text));
    out.flush();
  }

  void chapter(String text) {
    erase();
    chapter++;
    out.println();
    out.println(bold(chapter + ". " + text));
    out.flush();
  }

  void line(String text) {
    erase();
    out.println("   " + text);
    out.flush();
  }

  /** Prints text of several lines, indented. */
  void block(String text) {
    erase();
    text.lines().forEach(line -> out.println("   " + line));
    out.flush();
  }

  /** A statement or command, set off from what it gives. */
  void quote(String text) {
    erase();
    out.println("   " + (terminal ? "\u001b[36m" + text + "\u001b[0m" : text));
    out.flush();
  }

  /** Lines that the next call of this replaces, on a terminal. */
  void status(String... lines) {
    erase();
    for (String line : lines) {
      out.println("   " + line);
    }
    out.flush();
    drawn = terminal ? lines.length : 0;
  }

  private void erase() {
    for (; drawn > 0; drawn--) {
      out.print("\u001b[1A\u001b[2K");
    }
  }

  private String bold(String text) {
    return terminal ? "\u001b[1m" + text + "\u001b[0m" : text;
  }
}
