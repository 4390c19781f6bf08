package io.watershed.cli.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.WatershedException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadReaderTest {
  @Test
  void linesArePayloadsWithoutTheirEnds() throws Exception {
    assertThat(read("a\n\nb \r\n\r\n c")).containsExactly("a", "b ", " c");
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() throws Exception {
    byte[] bytes = {(byte) 0xff, 0, 'x', '\n', (byte) 0xc3};
    try (PayloadReader reader =
        PayloadReader.open(new ByteArrayInputStream(bytes), PayloadReader.Format.AUTO)) {
      assertThat(reader.next().orElseThrow()).containsExactly(0xff, 0, 'x');
      assertThat(reader.next().orElseThrow()).containsExactly(0xc3);
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void anArraysElementsKeepTheirOwnBytes() throws Exception {
    assertThat(
            read(
                " [ {\"a\": [1, 2], \"b\" : \"]},[\\\"\\\\\"} ,\n\t12 , \"x,y\",[],{}, null\n,"
                    + "{\"nested\":{\"deep\":[{\"x\":\"}\"}]}} ]\n"))
        .containsExactly(
            "{\"a\": [1, 2], \"b\" : \"]},[\\\"\\\\\"}",
            "12",
            "\"x,y\"",
            "[]",
            "{}",
            "null",
            "{\"nested\":{\"deep\":[{\"x\":\"}\"}]}}");
    assertThat(read("[]")).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[1", "[1,]", "[,1]", "[1 2]x", "[{\"a\":1}", "[\"", "[\"\\", "[1]2", "["})
  void aBrokenArrayIsRefused(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("JSON array");
  }

  @Test
  void linesThatBeginWithABracketCanBeForcedToBeLines() throws Exception {
    assertThat(read("[1]\n[2]\n", PayloadReader.Format.LINES)).containsExactly("[1]", "[2]");
  }

  @Test
  void aPayloadLargerThanAnyStreamAcceptsIsRefusedBeforeItFillsTheMemory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    assertThatThrownBy(() -> PayloadReader.open(endless, PayloadReader.Format.AUTO).next())
        .isInstanceOf(WatershedException.class)
        .hasMessageContaining("larger than 10 MiB");
  }

  private static List<String> read(String text) throws Exception {
    return read(text, PayloadReader.Format.AUTO);
  }

  private static List<String> read(String text, PayloadReader.Format format) throws Exception {
    List<String> payloads = new ArrayList<>();
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (PayloadReader reader = PayloadReader.open(in, format)) {
      for (Optional<byte[]> next = reader.next(); next.isPresent(); next = reader.next()) {
        payloads.add(new String(next.get(), StandardCharsets.UTF_8));
      }
    }
    return payloads;
  }
}
