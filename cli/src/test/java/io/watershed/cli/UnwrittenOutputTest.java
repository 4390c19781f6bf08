package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output that takes nothing: a full disk is an error, a reader that left is none. */
class UnwrittenOutputTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String failure, String... args) throws IOException {
    Files.writeString(folder.resolve("watershed.yaml"), "reservoir: ./data\n");
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    return Cli.run(
        args,
        Console.of(broken, err, Console.Terminals.NONE),
        InputStream.nullInputStream(),
        Map.of("WATERSHED_CACHE", folder.resolve("cache").toString()),
        folder,
        Shutdown.manual());
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "csv", "ndjson", "json", "parquet"})
  void aFullDiskIsAnErrorThatSaysSo(String format) throws IOException {
    int status = run("No space left on device", "sql", "SELECT 1", "-o", format);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("error[output]: the output could not be written: No space left on device\n")
        .contains("hint: ")
        .doesNotContain("cancelled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "csv", "ndjson", "json", "parquet"})
  void aReaderThatLeavesEndsAStatementQuietly(String format) throws IOException {
    assertThat(run("Broken pipe", "sql", "SELECT 1", "-o", format)).isZero();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void whatIsPrintedAsTextIsWatchedToo() throws IOException {
    assertThat(run("No space left on device", "sql", "--help")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("error[output]");
  }
}
