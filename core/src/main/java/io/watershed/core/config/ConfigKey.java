package io.watershed.core.config;

import java.util.Optional;

/**
 * One key of {@code watershed.yaml}. The loader, the JSON Schema and the documentation are made
 * from these, so that they cannot disagree.
 *
 * @param name in snake_case
 * @param type how the value is read and bounded
 * @param defaultValue what holds when the key is absent; empty if something else decides
 * @param meaning one or two sentences for a person
 * @param <T> the Java type of the value
 */
public record ConfigKey<T>(
    String name, ConfigType<T> type, Optional<T> defaultValue, String meaning) {
  static <T> ConfigKey<T> withDefault(
      String name, ConfigType<T> type, T defaultValue, String meaning) {
    return new ConfigKey<>(name, type, Optional.of(defaultValue), meaning);
  }

  static <T> ConfigKey<T> optional(String name, ConfigType<T> type, String meaning) {
    return new ConfigKey<>(name, type, Optional.empty(), meaning);
  }

  /** The default as it would be written in the file. */
  public Optional<String> defaultText() {
    return defaultValue.map(type::print);
  }
}
