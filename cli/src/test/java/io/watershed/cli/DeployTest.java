package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the files in deploy/ start is a command line that exists. */
class DeployTest {
  private static final Path ROOT = Path.of(System.getProperty("watershed.root"));

  @TempDir Path folder;

  @Test
  void theUnitsCommandLineIsUnderstood() throws Exception {
    String unit = Files.readString(ROOT.resolve("deploy/watershed-archive.service"));
    Matcher start =
        Pattern.compile("(?m)^ExecStart=/opt/watershed/bin/watershed (.+)$").matcher(unit);

    assertThat(start.find()).isTrue();
    assertArchives(List.of(start.group(1).split(" ")));
  }

  @Test
  void theContainersCommandLineIsUnderstood() throws Exception {
    String recipe = Files.readString(ROOT.resolve("deploy/Containerfile"));
    Matcher command = Pattern.compile("(?m)^CMD (\\[.+\\])$").matcher(recipe);

    assertThat(command.find()).isTrue();
    List<String> words = new ArrayList<>();
    Json.MAPPER.readTree(command.group(1)).forEach(word -> words.add(word.asText()));
    assertArchives(words);
  }

  private void assertArchives(List<String> words) {
    CommandLine.ParseResult parsed =
        new CommandRun(folder).commandLine().parseArgs(words.toArray(String[]::new));

    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("archive");
    assertThat(parsed.subcommand().matchedOptionValue("--metrics", "")).isEqualTo("9464");
  }
}
