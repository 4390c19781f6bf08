package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The type of a configuration value: how it is read, printed, bounded and described in the JSON
 * Schema.
 *
 * @param <T> the Java type of a value
 */
public interface ConfigType<T> {
  /**
   * Reads a value.
   *
   * @throws WatershedException {@code invalid-input}; the message does not name the key
   */
  T parse(String text);

  /** The text that {@link #parse} reads back as this value. */
  String print(T value);

  /** The type's keywords in a JSON Schema (draft 2020-12). */
  Map<String, Object> schema();

  /** How long to keep records: days, or years of 366 days, so that none goes too early. */
  ConfigType<Duration> KEEP =
      of(
          ConfigType::keep,
          value -> value.toDays() + "d",
          Map.of("type", "string", "pattern", "^[0-9]{1,5} ?(d|y)$"));

  /** Any text that is not empty. */
  ConfigType<String> TEXT =
      of(
          text -> {
            if (text.isBlank()) {
              throw invalid("the value is empty", "Give a value, or leave the key out.");
            }
            return text.strip();
          },
          value -> value,
          Map.of("type", "string", "minLength", 1));

  /** {@code true} or {@code false}. */
  ConfigType<Boolean> FLAG =
      of(
          text ->
              switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw invalid("'" + text + "' is not a flag", "Write true or false.");
              },
          String::valueOf,
          Map.of("type", "boolean"));

  /** The address of an HTTP endpoint. */
  ConfigType<URI> ENDPOINT =
      of(ConfigType::endpoint, URI::toString, Map.of("type", "string", "pattern", "^https?://.+"));

  /** One of several words. */
  static ConfigType<String> choice(String... words) {
    List<String> choices = List.of(words);
    return of(
        text -> {
          if (!choices.contains(text)) {
            throw invalid(
                "'" + text + "' is not a choice", "Write one of: " + String.join(", ", choices));
          }
          return text;
        },
        value -> value,
        Map.of("enum", choices));
  }

  /** A duration within bounds, both inclusive. */
  static ConfigType<Duration> duration(Duration atLeast, Duration atMost) {
    return of(
        text ->
            bounded(
                DurationText.parse(text),
                atLeast,
                atMost,
                DurationText.format(atLeast),
                DurationText.format(atMost)),
        DurationText::format,
        Map.of("type", "string", "pattern", DurationText.PATTERN));
  }

  /** A size in bytes within bounds, both inclusive. */
  static ConfigType<DataSize> size(String atLeast, String atMost) {
    return of(
        text -> {
          DataSize size = DataSize.parse(text);
          bounded(
              size.bytes(),
              DataSize.parse(atLeast).bytes(),
              DataSize.parse(atMost).bytes(),
              atLeast,
              atMost);
          return size;
        },
        DataSize::text,
        Map.of("type", List.of("string", "integer"), "pattern", DataSize.PATTERN, "minimum", 0));
  }

  /** An integer within bounds, both inclusive. */
  static ConfigType<Long> count(long atLeast, long atMost) {
    return of(
        text -> {
          try {
            long number = Long.parseLong(text.strip().replace("_", ""));
            return bounded(
                number, atLeast, atMost, String.valueOf(atLeast), String.valueOf(atMost));
          } catch (NumberFormatException e) {
            throw invalid("'" + text + "' is not a whole number", "Write digits, such as 1000.");
          }
        },
        String::valueOf,
        Map.of("type", "integer", "minimum", atLeast, "maximum", atMost));
  }

  /** A share between 0 (exclusive) and 1. */
  ConfigType<Double> SHARE =
      of(
          text -> {
            try {
              double share = new BigDecimal(text.strip()).doubleValue();
              if (share > 0 && share <= 1) {
                return share;
              }
            } catch (NumberFormatException e) {
              // Answered below.
            }
            throw invalid("'" + text + "' is not a share", "Write a number in (0, 1], like 0.5.");
          },
          String::valueOf,
          Map.of("type", "number", "exclusiveMinimum", 0, "maximum", 1));

  /** A type from its parts. */
  static <T> ConfigType<T> of(
      Function<String, T> parser, Function<T, String> printer, Map<String, Object> schema) {
    Map<String, Object> sorted = new TreeMap<>(schema);
    return new ConfigType<>() {
      @Override
      public T parse(String text) {
        return parser.apply(text);
      }

      @Override
      public String print(T value) {
        return printer.apply(value);
      }

      @Override
      public Map<String, Object> schema() {
        return sorted;
      }
    };
  }

  private static Duration keep(String text) {
    String stripped = text.strip();
    if (stripped.matches("0*[1-9][0-9]{0,4} ?(d|y)")) {
      long number = Long.parseLong(stripped.substring(0, stripped.length() - 1).strip());
      return Duration.ofDays(stripped.endsWith("y") ? number * 366 : number);
    }
    throw invalid("'" + text + "' is no time to keep records", "Write days or years: 90d, 7y.");
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text.strip());
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw invalid(
        "'" + text + "' is not an endpoint URL",
        "Write a scheme, a host and perhaps a port, such as http://127.0.0.1:4567.");
  }

  private static <C extends Comparable<C>> C bounded(
      C value, C atLeast, C atMost, String least, String most) {
    if (value.compareTo(atLeast) < 0 || value.compareTo(atMost) > 0) {
      throw invalid("the value is out of bounds", "Write one from " + least + " to " + most + ".");
    }
    return value;
  }

  private static WatershedException invalid(String message, String hint) {
    return new WatershedException(ErrorCode.INVALID_INPUT, message, hint);
  }
}
