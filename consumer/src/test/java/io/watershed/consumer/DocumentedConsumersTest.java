package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the documentation are compiled and run. */
class DocumentedConsumersTest {
  private static final String STREAM = "orders@20261123T100000.000Z";

  @TempDir Path folder;

  @Test
  void theJavaConsumerCompilesAndConverges() throws Exception {
    Path source = folder.resolve("OrderStates.java");
    Files.writeString(source, block("replay.md", "java"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    boolean compiled =
        compiler.getTask(messages, null, null, options, null, filesOf(compiler, source)).call();
    assertThat(compiled).as(messages.toString()).isTrue();

    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> type = loader.loadClass("OrderStates");
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

  @Test
  void thePythonReaderReadsWhatTheCodecWrites() throws Exception {
    assumeTrue(pythonIsThere(), "python3 is not installed");
    byte[][] originals = {
      "{\"a\":1}".getBytes(UTF_8),
      "{}".getBytes(UTF_8),
      "\ufeff { \"a\":1}\n".getBytes(UTF_8),
      "plain".getBytes(UTF_8),
      new byte[0],
      new byte[] {(byte) 0xf7, 0, 1, '{'},
      Envelope.wrap(header("7"), "\ufeff{\"a\":1}".getBytes(UTF_8)),
      Envelope.wrap(header("8"), Envelope.wrap(header("7"), "{\"a\":1}".getBytes(UTF_8))),
      "{\"a\":1,\"_watershed\":2}".getBytes(UTF_8),
    };
    StringBuilder script = new StringBuilder(block("envelope.md", "python"));
    for (byte[] original : originals) {
      String wrapped = HexFormat.of().formatHex(Envelope.wrap(annotated(), original));
      script.append("\nheader, original = unwrap(bytes.fromhex('" + wrapped + "'))\n");
      script.append("assert header['sequence'] == '9', header\n");
      script.append("assert header['annotations'] == {'of': 'K\\u00f6ln', 'why': '\"'}, header\n");
      script.append("assert original.hex() == '" + HexFormat.of().formatHex(original) + "'\n");
    }
    byte[] edited = Envelope.wrap(header("1"), "{\"a\":1}".getBytes(UTF_8));
    edited[edited.length - 2] = '2';
    script.append(
        "assert unwrap(bytes.fromhex('" + HexFormat.of().formatHex(edited) + "')) is None\n");
    script.append("assert unwrap(b'{\"a\":1}') is None\n");
    Path file = folder.resolve("reader.py");
    Files.writeString(file, script);
    Process python =
        new ProcessBuilder("python3", file.toString()).redirectErrorStream(true).start();
    String output = new String(python.getInputStream().readAllBytes(), UTF_8);
    assertThat(python.waitFor()).as(output).isZero();
  }

  private static EnvelopeHeader header(String sequence) {
    return EnvelopeHeader.of("r", new Position(STREAM, "s", sequence, 0), Instant.EPOCH, 1);
  }

  private static EnvelopeHeader annotated() {
    Map<String, String> annotations = Map.of("of", "Köln", "why", "\"");
    return new EnvelopeHeader(
        "r", new Position(STREAM, "s", "9", 0), Instant.EPOCH, 1, Optional.empty(), annotations);
  }

  private static void onRecord(Object states, String sequence, byte[] data) throws Exception {
    states
        .getClass()
        .getMethod("onRecord", String.class, String.class, String.class, String.class, byte[].class)
        .invoke(states, STREAM, "s", sequence, "k", data);
  }

  private static Iterable<? extends javax.tools.JavaFileObject> filesOf(
      JavaCompiler compiler, Path source) {
    return compiler.getStandardFileManager(null, null, UTF_8).getJavaFileObjects(source);
  }

  private static String block(String page, String language) throws IOException {
    String text = Files.readString(Path.of("..", "docs", page));
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    assertThat(block.find()).isTrue();
    return block.group(1);
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
