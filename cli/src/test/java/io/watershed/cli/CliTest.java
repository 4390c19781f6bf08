package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CliTest {
  @TempDir Path folder;

  @Test
  void everyCommandsHelpShowsAnExample() {
    CommandRun run = new CommandRun(folder);
    for (CommandLine command : all(run.commandLine())) {
      String help = command.getUsageMessage();
      assertThat(help).as(command.getCommandName()).contains("Example").contains("--config");
    }
  }

  @Test
  void aCommandThatIsNamedFirstIsTheOnlyOneThatIsMade() {
    CommandRun run = new CommandRun(folder);
    Map<String, CommandLine> commands = run.commandLine().getSubcommands();
    assertThat(commands).hasSizeGreaterThan(10);
    commands.forEach(
        (name, command) -> {
          assertThat(command.getCommandSpec().names()).contains(name);
          CommandLine alone = run.commandLine(name, "--help");
          assertThat(alone.getSubcommands().keySet()).isEqualTo(command.getCommandSpec().names());
          assertThat(alone.getSubcommands().get(name).getUsageMessage())
              .isEqualTo(command.getUsageMessage());
        });
  }

  @Test
  void aTypingErrorIsAnsweredWithTheNearestCommand() {
    CommandRun run = new CommandRun(folder).run("arhive");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("error[usage]: ").contains("Did you mean 'archive'?");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void aTypingErrorInAnOptionIsAnsweredWithTheNearestOption() {
    CommandRun run = new CommandRun(folder).run("archive", "--onse");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Did you mean '--once'?");
  }

  @Test
  void withoutACommandTheUsageErrorPointsToHelp() {
    CommandRun run = new CommandRun(folder).run();

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("A command is missing").contains("--help");
  }

  @Test
  void aMissingFileIsAnErrorWithAHintAndNoStackTrace() {
    CommandRun run = new CommandRun(folder).run("archive");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("error[config]: There is no file").contains("watershed init");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void verboseShowsTheStackTrace() {
    CommandRun run = new CommandRun(folder).run("status", "--verbose");

    assertThat(run.err()).contains("error[config]").contains("\tat io.watershed");
  }

  @Test
  void globalOptionsStandBeforeOrAfterTheCommand() throws Exception {
    Path file = Files.writeString(folder.resolve("other.yaml"), "streems: {}\n");

    assertThat(new CommandRun(folder).run("--config", file.toString(), "status").err())
        .contains("other.yaml:1");
    assertThat(new CommandRun(folder).run("status", "--config", "other.yaml").err())
        .contains("other.yaml:1: streems: unknown key")
        .contains("hint: Did you mean 'streams'?");
  }

  @Test
  void initWritesAFileThatDoctorAndTheLoaderAccept() throws Exception {
    CommandRun init =
        new CommandRun(folder)
            .run("init", "orders", "--reservoir", "s3://bucket/a", "--region", "eu-central-1");

    assertThat(init.status()).isEqualTo(0);
    String text = Files.readString(folder.resolve("watershed.yaml"));
    assertThat(text).contains("reservoir: 's3://bucket/a'\n");
    assertThat(text).contains("  region: eu-central-1\n").contains("  orders: {}\n");
    assertThat(text).doesNotContain("@");
  }

  @Test
  void initNeverOverwrites() throws Exception {
    Path file = Files.writeString(folder.resolve("watershed.yaml"), "mine");

    CommandRun run = new CommandRun(folder).run("init");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("is already there");
    assertThat(file).hasContent("mine");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(new CommandRun(folder).run("--version").out()).startsWith("watershed ");
  }

  private static List<CommandLine> all(CommandLine root) {
    List<CommandLine> commands = new java.util.ArrayList<>();
    commands.add(root);
    root.getSubcommands().values().forEach(command -> commands.addAll(all(command)));
    return commands;
  }
}
