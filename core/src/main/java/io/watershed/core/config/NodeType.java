package io.watershed.core.config;

import io.watershed.core.error.WatershedException;

/**
 * A type whose values are more than one word of text.
 *
 * @param <T> the Java type of a value
 */
interface NodeType<T> extends ConfigType<T> {
  /**
   * Reads a value.
   *
   * @param errors names file, line and key
   * @throws WatershedException {@code config}
   */
  T read(ConfigNode node, ErrorAt errors);

  /** Makes errors that name their place. */
  interface ErrorAt {
    /**
     * An error.
     *
     * @param node what is wrong
     * @param below its keys below the configuration key; empty for the key itself
     */
    WatershedException at(ConfigNode node, String below, String message, String hint);
  }
}
