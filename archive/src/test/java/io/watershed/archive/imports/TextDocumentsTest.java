package io.watershed.archive.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is a payload in a text, and where it begins. */
final class TextDocumentsTest {
  private interface Splitter {
    void split(InputStream in, Payloads payloads) throws IOException;
  }

  /** At every size of read, so that no boundary matters. */
  private static List<String> split(Splitter splitter, String text) throws IOException {
    List<String> first = new ArrayList<>();
    for (int size : new int[] {1, 2, 3, 7, 1 << 16}) {
      List<String> found = new ArrayList<>();
      splitter.split(
          new Chopped(text.getBytes(UTF_8), size),
          (offset, payload) -> found.add(offset + ":" + new String(payload, UTF_8)));
      if (first.isEmpty()) {
        first.addAll(found);
      }
      assertThat(found).as("read %d bytes at a time", size).isEqualTo(first);
    }
    return first;
  }

  private static List<String> lines(String text) throws IOException {
    return split(TextDocuments::lines, text);
  }

  private static List<String> json(String text) throws IOException {
    return split(TextDocuments::json, text);
  }

  private static final class Chopped extends ByteArrayInputStream {
    private final int size;

    Chopped(byte[] bytes, int size) {
      super(bytes);
      this.size = size;
    }

    @Override
    public synchronized int read(byte[] into, int at, int length) {
      return super.read(into, at, Math.min(length, size));
    }
  }

  @Test
  void aLineIsAPayloadWithoutItsBreak() throws IOException {
    assertThat(lines("{\"a\":1}\n{\"b\":\"ü\"}\r\n\n  \n {\"c\":3} \nlast"))
        .containsExactly("0:{\"a\":1}", "8:{\"b\":\"ü\"}", "24: {\"c\":3} ", "34:last");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n\n")).isEmpty();
  }

  @Test
  void objectsBehindOneAnotherOnALineAreAPayloadEach() throws IOException {
    assertThat(lines("{\"a\":1}{\"b\":{}} {\"c\":\"}{\"}\n{}{}"))
        .containsExactly("0:{\"a\":1}", "7:{\"b\":{}}", "16:{\"c\":\"}{\"}", "27:{}", "29:{}");
  }

  @Test
  void aLineThatIsNotJustWholeObjectsStaysOnePayload() throws IOException {
    assertThat(lines("{\"a\":1}{\"b\":\n{} x\n1 2\n[1][2]\n\"{}{}\""))
        .containsExactly("0:{\"a\":1}{\"b\":", "13:{} x", "18:1 2", "22:[1][2]", "29:\"{}{}\"");
  }

  @Test
  void documentsMaySpanLines() throws IOException {
    assertThat(json("{\n \"a\": [1,\n2]\n}\n\n[\"]\\\"\"]{}\nbad } line\n{\"open\":"))
        .containsExactly(
            "0:{\n \"a\": [1,\n2]\n}", "18:[\"]\\\"\"]", "25:{}", "28:bad } line", "39:{\"open\":");
  }

  @Test
  void timesInNames() {
    assertThat(ObjectTime.inName("p/2026/11/23/10/s-1-2026-11-23-10-05-07-0f3c.gz"))
        .contains(Instant.parse("2026-11-23T10:05:07Z"));
    assertThat(ObjectTime.inName("2026/11/23/10/x"))
        .contains(Instant.parse("2026-11-23T10:00:00Z"));
    assertThat(ObjectTime.inName("a/dt=2026-11-23/hour=9/x"))
        .contains(Instant.parse("2026-11-23T09:00:00Z"));
    assertThat(ObjectTime.inName("a/year=2026/month=3/day=4/x"))
        .contains(Instant.parse("2026-03-04T00:00:00Z"));
    assertThat(ObjectTime.inName("2026/13/23/10/x")).isEmpty();
    assertThat(ObjectTime.inName("orders.json")).isEmpty();
  }

  @Test
  void fieldsOfPayloads() {
    RecordFields fields =
        new RecordFields(java.util.Optional.of("c.id"), java.util.Optional.of("t"));
    assertThat(of(fields, "{\"c\":{\"id\":7},\"t\":\"2026-01-02T03:04:05+01:00\"}"))
        .isEqualTo("7 2026-01-02T02:04:05Z");
    assertThat(of(fields, "{\"c\":{\"id\":\"k\"},\"t\":1767323045}"))
        .isEqualTo("k 2026-01-02T03:04:05Z");
    assertThat(of(fields, "{\"t\":1767323045123}")).isEqualTo("- 2026-01-02T03:04:05.123Z");
    for (String bad :
        List.of("{", "[]", "{\"c\":{\"id\":null},\"t\":\"soon\"}", "{\"t\":1e999999999}")) {
      assertThat(of(fields, bad)).isEqualTo("- -");
    }
  }

  private static String of(RecordFields fields, String payload) {
    RecordFields.Fields found = fields.of(payload.getBytes(UTF_8));
    return found.key().orElse("-") + " " + found.time().map(Instant::toString).orElse("-");
  }
}
