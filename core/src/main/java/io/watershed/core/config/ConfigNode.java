package io.watershed.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration file as it is written, with the line of everything, for error messages. */
sealed interface ConfigNode {
  /** Counted from 1. */
  int line();

  /** A key without a value, or {@code null}. */
  record Empty(int line) implements ConfigNode {}

  /** Text, a number or a boolean, as it is written. */
  record Scalar(int line, String text) implements ConfigNode {}

  /** A list. */
  record Sequence(int line, List<ConfigNode> elements) implements ConfigNode {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /** Keys and values, in the order of the file. */
  record Mapping(int line, Map<String, ConfigNode> members) implements ConfigNode {
    static Mapping empty(int line) {
      return new Mapping(line, new LinkedHashMap<>());
    }
  }
}
