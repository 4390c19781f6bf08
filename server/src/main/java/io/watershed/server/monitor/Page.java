package io.watershed.server.monitor;

import java.nio.charset.StandardCharsets;

/**
 * What metrics and health answer.
 *
 * @param status of HTTP
 * @param contentType with its charset
 * @param body never empty
 */
@SuppressWarnings("ArrayRecordComponent") // written once, handed on once
public record Page(int status, String contentType, byte[] body) {
  /** JSON. */
  static Page json(int status, String text) {
    return new Page(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
  }
}
