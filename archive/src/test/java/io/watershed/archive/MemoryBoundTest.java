package io.watershed.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight streams of 32 shards in a small heap. The second test is the proof of the first: without
 * the bound the same load does not fit.
 */
final class MemoryBoundTest {
  private static final int RECORDS_PER_SHARD = 700;
  private static final long MORE_THAN_THE_HEAP = 8L << 30;

  @TempDir Path folder;

  private record Ended(int status, String output) {}

  private Ended archive(long buffer) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(MemoryTrial.class.getName());
    command.addAll(List.of(folder.toString(), Long.toString(buffer), "" + RECORDS_PER_SHARD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whateverTheShardsAndTheConfigurationTheHeapSuffices() throws Exception {
    Ended ended = archive(MORE_THAN_THE_HEAP);
    assertThat(ended.output())
        .contains("archived " + MemoryTrial.STREAMS * MemoryTrial.SHARDS * RECORDS_PER_SHARD);
    assertThat(ended.status()).isZero();
  }

  @Test
  void withoutTheBoundTheSameLoadDoesNotFit() throws Exception {
    Ended ended = archive(0);
    assertThat(ended.output()).contains("OutOfMemoryError");
    assertThat(ended.status()).isNotZero();
  }
}
