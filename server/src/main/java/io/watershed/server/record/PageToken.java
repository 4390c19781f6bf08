package io.watershed.server.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.watershed.core.record.SequenceNumber;
import io.watershed.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/**
 * Where the next page of records begins: after this record, in the cut of this receipt, of the same
 * question. Opaque to callers.
 *
 * @param question a hash of what was asked for
 */
record PageToken(
    String receipt,
    String question,
    Instant arrival,
    String incarnation,
    String shard,
    String sequence,
    long sub) {
  private static final ObjectMapper JSON = new ObjectMapper();

  String text() {
    String json =
        JsonNodeFactory.instance
            .objectNode()
            .put("r", receipt)
            .put("q", question)
            .put("t", arrival.toString())
            .put("i", incarnation)
            .put("s", shard)
            .put("n", sequence)
            .put("b", sub)
            .toString();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads {@link #text()}.
   *
   * @param question what is asked for now
   * @throws Problem 400
   */
  static PageToken parse(String text, String question) {
    try {
      JsonNode json = JSON.readTree(Base64.getUrlDecoder().decode(text));
      PageToken token =
          new PageToken(
              json.path("r").asText(),
              json.path("q").asText(),
              Instant.parse(json.path("t").asText()),
              json.path("i").asText(),
              json.path("s").asText(),
              SequenceNumber.parse(json.path("n").asText()).padded(),
              json.path("b").asLong());
      if (token.receipt().matches("[0-9a-f]{8,64}") && token.question().equals(question)) {
        return token;
      }
    } catch (JsonProcessingException | DateTimeException e) {
      throw wrong();
    } catch (java.io.IOException | RuntimeException e) {
      throw wrong();
    }
    throw wrong();
  }

  private static Problem wrong() {
    return Problem.badRequest(
        "'page' is not the 'next' of an answer to this question",
        "Repeat the other parameters as they were, or leave 'page' out for a new first page.");
  }
}
