package io.watershed.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Runs a command in this process, in a folder of its own, without anybody's credentials. */
final class CommandRun {
  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new HashMap<>();
  private final Shutdown shutdown = Shutdown.manual();
  private InputStream input = InputStream.nullInputStream();
  private int status = -1;

  CommandRun(Path folder) {
    this.folder = folder;
    environment.put("WATERSHED_CACHE", folder.resolve("cache").toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("no-credentials").toString());
  }

  CommandRun with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  CommandRun input(String text) {
    input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  CommandRun run(String... args) {
    status = Cli.run(args, console(), input, environment, folder, shutdown);
    return this;
  }

  CommandLine commandLine() {
    return Cli.commandLine(
        new CommandContext(
            new GlobalOptions(),
            console(),
            input,
            environment,
            folder,
            Clock.systemUTC(),
            shutdown));
  }

  Shutdown shutdown() {
    return shutdown;
  }

  int status() {
    return status;
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  private Console console() {
    return new Console(new PrintWriter(out), new PrintWriter(err), false);
  }
}
