package io.watershed.core.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonDocumentsTest {
  @Test
  void eachSliceTakesTheSeparatorsThatFollowIt() {
    assertThat(split("{\"a\":1}{\"b\":[2]}")).containsExactly("{\"a\":1}", "{\"b\":[2]}");
    assertThat(split("{}\n{}\r\n\n{}\n")).containsExactly("{}\n", "{}\r\n\n", "{}\n");
    assertThat(split(" \t{\"ü\":\"𝄞\"} [1] \"s\" 5 null "))
        .containsExactly(" \t{\"ü\":\"𝄞\"} ", "[1] ", "\"s\" ", "5 ", "null ");
  }

  @Test
  void whatIsOneDocumentOrNotWhollyDocumentsStaysWhole() {
    for (String text :
        List.of(
            "",
            " ",
            "{}",
            " {} ",
            "{}{",
            "{}\n{\"a\":",
            "{},{}",
            "{} x",
            "{}{\"a\":01}",
            "\ufeff{}{}",
            "not json",
            "{}\u0000{}")) {
      assertThat(split(text)).as(text).containsExactly(text);
    }
    byte[] broken = {'{', '}', '{', '"', (byte) 0xff, '"', ':', '1', '}'};
    assertThat(JsonDocuments.split(broken)).containsExactly(broken);
  }

  @Test
  void theNumberOfDocumentsIsBounded() {
    String most = "{}".repeat(JsonDocuments.MAX_DOCUMENTS);

    assertThat(split(most)).hasSize(JsonDocuments.MAX_DOCUMENTS);
    assertThat(split(most + "{}")).hasSize(1);
  }

  @Test
  void aDocumentDeeperThanAnyColumnKeepsThePayloadWhole() {
    String deep = "[".repeat(JsonLimits.MAX_NESTING + 1) + "]".repeat(JsonLimits.MAX_NESTING + 1);

    assertThat(split("{}" + deep)).hasSize(1);
  }

  @Test
  void slicesTogetherAreThePayloadAndEachIsOneDocument() {
    Random random = new Random(7);
    RandomPayloads payloads = new RandomPayloads(7);
    for (int round = 0; round < 300; round++) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream();
      int documents = 0;
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte[] payload = payloads.next();
        if (JsonDocuments.split(payload).size() == 1 && isObject(payload)) {
          joined.writeBytes(payload);
          joined.writeBytes("\n \n".substring(random.nextInt(3)).getBytes(UTF_8));
          documents++;
        }
      }
      List<byte[]> slices = JsonDocuments.split(joined.toByteArray());
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      slices.forEach(again::writeBytes);

      assertThat(again.toByteArray()).isEqualTo(joined.toByteArray());
      assertThat(slices).hasSize(Math.max(1, documents));
      if (documents > 0) {
        assertThat(slices).allMatch(JsonDocumentsTest::isObject);
      }
    }
  }

  private static boolean isObject(byte[] payload) {
    return PayloadFormat.JSON
            .shredder(PayloadLayout.of(PayloadSchema.EMPTY), new java.util.BitSet())
            .shred(payload)
            .decodeError()
        == null;
  }

  private static List<String> split(String text) {
    return JsonDocuments.split(text.getBytes(UTF_8)).stream()
        .map(slice -> new String(slice, UTF_8))
        .toList();
  }
}
