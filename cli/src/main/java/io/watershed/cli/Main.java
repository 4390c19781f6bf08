package io.watershed.cli;

import io.watershed.cli.Console.Terminals;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.List;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    Terminals terminals =
        new Terminals(
            Boolean.getBoolean("watershed.terminal.in"),
            Boolean.getBoolean("watershed.terminal.out"),
            Boolean.getBoolean("watershed.terminal"),
            Integer.getInteger("watershed.terminal.columns", 0));
    Console console = Console.of(new FileOutputStream(FileDescriptor.out), System.err, terminals);
    Shutdown shutdown = Shutdown.install();
    int status = Cli.run(args, console, System.in, System.getenv(), Path.of(""), shutdown);
    ColdStart.ended(List.of(args), status);
    shutdown.exit(status);
  }
}
