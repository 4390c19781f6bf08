package io.watershed.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A log event as one line of JSON: {@code time} (RFC 3339, UTC, milliseconds), {@code level},
 * {@code logger}, {@code message}, {@code error} (the class of what was thrown, if anything), and
 * each member of the diagnostic context, such as {@code stream}. The names are a contract with
 * whoever parses them. Thread-safe.
 */
final class LogLine extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ObjectNode line =
        begin(event.getInstant(), event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.put("error", thrown.getClassName());
    }
    event.getMDCPropertyMap().forEach(line::put);
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  /** The last word of a command that failed, in the same shape. */
  static String ofError(Instant time, String code, String message, String hint) {
    return begin(time, "ERROR")
        .put("code", code)
        .put("message", message)
        .put("hint", hint)
        .toString();
  }

  private static ObjectNode begin(Instant time, String level) {
    return Json.object()
        .put("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
        .put("level", level);
  }
}
