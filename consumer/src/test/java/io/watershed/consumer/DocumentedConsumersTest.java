package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation are compiled and run. */
class DocumentedConsumersTest {
  private static final String STREAM = "orders@20261123T100000.000Z";

  @TempDir Path folder;

  @Test
  void theJavaConsumerCompilesAndConverges() throws Exception {
    try (DocumentedClass documented = DocumentedClass.compile("replay.md", "OrderStates", folder)) {
      Class<?> type = documented.type();
      Object states = type.getConstructor().newInstance();
      byte[] first = "{\"state\":\"new\"}".getBytes(UTF_8);
      onRecord(states, "2", "{\"state\":\"paid\"}".getBytes(UTF_8));
      onRecord(states, "3", Envelope.wrap(header("1"), first));
      byte[] state = (byte[]) type.getMethod("state", String.class).invoke(states, "k");
      assertThat(new String(state, UTF_8)).isEqualTo("{\"state\":\"paid\"}");

      onRecord(states, "4", first);
      state = (byte[]) type.getMethod("state", String.class).invoke(states, "k");
      assertThat(state).isEqualTo(first);
    }
  }

  /** Skipped, and the skip says so, where there is no Python. */
  @Test
  void thePythonReaderReadsTheTestVectors() throws Exception {
    assumeTrue(pythonIsThere(), "python3 is not installed: the Python reader was NOT checked");
    Path file = folder.resolve("reader.py");
    Files.writeString(file, DocumentedClass.block("envelope.md", "python", "import hashlib"));
    Process python =
        new ProcessBuilder("python3", file.toString())
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(python.getInputStream().readAllBytes(), UTF_8);

    assertThat(python.waitFor()).as(output).isZero();
    assertThat(output).isEqualTo(EnvelopeVectors.count() + " vectors\n");
  }

  private static EnvelopeHeader header(String sequence) {
    return EnvelopeHeader.of("r", new Position(STREAM, "s", sequence, 0), Instant.EPOCH, 1);
  }

  private static void onRecord(Object states, String sequence, byte[] data) throws Exception {
    states
        .getClass()
        .getMethod("onRecord", String.class, String.class, String.class, String.class, byte[].class)
        .invoke(states, STREAM, "s", sequence, "k", data);
  }

  private static boolean pythonIsThere() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("python3", "--version").start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
