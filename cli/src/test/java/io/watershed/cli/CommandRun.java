package io.watershed.cli;

import io.watershed.cli.Console.Terminals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** Runs a command in this process, in a folder of its own, without anybody's credentials. */
final class CommandRun {
  private final Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private final Shutdown shutdown = Shutdown.manual();
  private InputStream input = InputStream.nullInputStream();
  private Terminals terminals = Terminals.NONE;
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

  CommandRun on(Terminals some) {
    terminals = some;
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

  CommandLine commandLine(String... args) {
    return Cli.commandLine(
        new CommandContext(
            new GlobalOptions(),
            console(),
            input,
            environment,
            folder,
            Clock.systemUTC(),
            shutdown),
        args);
  }

  Shutdown shutdown() {
    return shutdown;
  }

  int status() {
    return status;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private Console console() {
    return Console.of(out, err, terminals);
  }
}
