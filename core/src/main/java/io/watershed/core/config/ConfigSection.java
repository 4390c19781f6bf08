package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of one part of the file, checked against the keys that the part may have.
 * What it lacks is looked up in its fallback: a stream's in {@code defaults}.
 */
final class ConfigSection {
  private final String file;
  private final String path;
  private final ConfigNode.Mapping node;
  private final Map<String, Object> values = new HashMap<>();
  private final @Nullable ConfigSection fallback;

  /**
   * @param path the part's place in the file, such as {@code streams.orders}
   * @throws WatershedException {@code config} for an unknown key or a bad value
   */
  ConfigSection(
      String file,
      String path,
      ConfigNode node,
      List<ConfigKey<?>> keys,
      @Nullable ConfigSection fallback) {
    this.file = file;
    this.path = path;
    this.node = mapping(file, path, node);
    this.fallback = fallback;
    Map<String, ConfigKey<?>> byName =
        keys.stream().collect(Collectors.toMap(ConfigKey::name, key -> key));
    this.node
        .members()
        .forEach(
            (name, value) -> {
              ConfigKey<?> key = byName.get(name);
              if (key == null) {
                throw unknownKey(file, path, name, value.line(), List.copyOf(byName.keySet()));
              }
              read(key, value).ifPresent(read -> values.put(name, read));
            });
  }

  /** The value from here, from the fallback, or the default. */
  <T> Optional<T> find(ConfigKey<T> key) {
    Optional<T> own = own(key);
    if (own.isPresent()) {
      return own;
    }
    return fallback == null ? key.defaultValue() : fallback.find(key);
  }

  /** The value of a key that has a default. */
  <T> T get(ConfigKey<T> key) {
    return find(key).orElseThrow(() -> new IllegalStateException(key.name() + " has no default"));
  }

  /** The value that is written in this very part. */
  @SuppressWarnings("unchecked") // values holds what the key's own type has read
  <T> Optional<T> own(ConfigKey<T> key) {
    return Optional.ofNullable((T) values.get(key.name()));
  }

  /** A path that is relative to the file's folder. */
  Path path(String text) {
    return Path.of(file).toAbsolutePath().resolveSibling(text).normalize();
  }

  /** An error at the line of a key, or of the part if the key is not written. */
  WatershedException error(String name, String message, String hint) {
    ConfigNode value = node.members().get(name);
    return error(
        file, value == null ? node.line() : value.line(), join(path, name), message, hint, null);
  }

  private <T> Optional<T> read(ConfigKey<T> key, ConfigNode value) {
    if (value instanceof ConfigNode.Empty) {
      return Optional.empty();
    }
    if (key.type() instanceof NodeType<T> type) {
      return Optional.of(type.read(value, errorsOf(key)));
    }
    if (!(value instanceof ConfigNode.Scalar scalar)) {
      throw error(
          file, value.line(), join(path, key.name()), "this takes one value", key.meaning(), null);
    }
    try {
      return Optional.of(key.type().parse(scalar.text()));
    } catch (WatershedException e) {
      String message = String.valueOf(e.getMessage());
      throw error(file, value.line(), join(path, key.name()), message, e.hint(), e);
    }
  }

  private NodeType.ErrorAt errorsOf(ConfigKey<?> key) {
    return (node, below, message, hint) ->
        error(file, node.line(), join(join(path, key.name()), below), message, hint, null);
  }

  static ConfigNode.Mapping mapping(String file, String path, ConfigNode node) {
    if (node instanceof ConfigNode.Mapping mapping) {
      return mapping;
    }
    if (node instanceof ConfigNode.Empty) {
      return ConfigNode.Mapping.empty(node.line());
    }
    throw error(
        file, node.line(), path, "keys and values are expected here", "Write 'key: value'.", null);
  }

  static WatershedException unknownKey(
      String file, String path, String name, int line, List<String> known) {
    String hint =
        Nearest.to(name, known)
            .map(nearest -> "Did you mean '" + nearest + "'?")
            .orElseGet(
                () ->
                    "Known keys here: "
                        + known.stream().sorted().collect(Collectors.joining(", ")));
    return error(file, line, join(path, name), "unknown key", hint, null);
  }

  static WatershedException error(
      String file, int line, String path, String message, String hint, @Nullable Throwable cause) {
    return new WatershedException(
        ErrorCode.CONFIG, file + ":" + line + ": " + path + ": " + message, hint, cause);
  }

  private static String join(String path, String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }
}
