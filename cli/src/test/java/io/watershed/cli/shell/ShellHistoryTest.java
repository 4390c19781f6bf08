package io.watershed.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellHistoryTest {
  @TempDir Path folder;

  @Test
  void secretsAndWhatBeginsWithASpaceAreNotKept() {
    assertThat(ShellHistory.isKept("SELECT * FROM orders WHERE status = 'paid';")).isTrue();
    assertThat(ShellHistory.isKept("SELECT token_count FROM orders;")).isTrue();
    assertThat(ShellHistory.isKept(" SELECT 1;")).isFalse();
    assertThat(ShellHistory.isKept("SELECT 1 FROM u WHERE password = 'x';")).isFalse();
    assertThat(ShellHistory.isKept("SELECT 1 FROM u WHERE \"api_key\" LIKE 'x%';")).isFalse();
    assertThat(ShellHistory.isKept("SELECT 'AKIAIOSFODNN7EXAMPLE';")).isFalse();
    assertThat(ShellHistory.isKept("SELECT '" + "x".repeat(10_000) + "';")).isFalse();
  }

  @Test
  void theFileIsItsOwnersAndStaysBounded() throws Exception {
    Path file =
        ShellHistory.file(Map.of("XDG_STATE_HOME", folder.toString()), folder).orElseThrow();
    try (Terminal terminal =
        new DumbTerminal(
            "test",
            "dumb",
            java.io.InputStream.nullInputStream(),
            java.io.OutputStream.nullOutputStream(),
            java.nio.charset.StandardCharsets.UTF_8)) {
      ShellHistory history = new ShellHistory();
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .history(history)
              .variable(LineReader.HISTORY_FILE, file)
              .variable(LineReader.HISTORY_SIZE, ShellHistory.MAX_ENTRIES)
              .variable(LineReader.HISTORY_FILE_SIZE, ShellHistory.MAX_ENTRIES)
              .build();
      history.attach(reader);
      for (int i = 0; i < 3 * ShellHistory.MAX_ENTRIES; i++) {
        history.add("SELECT " + i + ";");
        history.add("SELECT 'AKIAIOSFODNN7EXAMPLE" + i + "';");
      }
      history.save();
    }
    assertThat(Files.readString(file)).contains("SELECT 2999;").doesNotContain("AKIA");
    assertThat(Files.readAllLines(file)).hasSizeLessThan(2 * ShellHistory.MAX_ENTRIES);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whereNoFileCanBeMadeThereIsNone() throws Exception {
    Path file = Files.writeString(folder.resolve("a-file"), "");

    assertThat(ShellHistory.file(Map.of("XDG_STATE_HOME", file.toString()), folder)).isEmpty();
    assertThat(ShellHistory.file(Map.of(), folder))
        .contains(folder.resolve(".local/state/watershed/sql_history"));
  }
}
