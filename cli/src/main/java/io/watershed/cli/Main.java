package io.watershed.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the process starts. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    Console console =
        new Console(
            new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)),
            new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8)),
            Boolean.getBoolean("watershed.terminal"));
    Shutdown shutdown = Shutdown.install();
    int status = Cli.run(args, console, System.in, System.getenv(), Path.of(""), shutdown);
    shutdown.exit(status);
  }
}
