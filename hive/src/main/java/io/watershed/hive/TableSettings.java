package io.watershed.hive;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a table's properties say.
 *
 * @param config path of the configuration file, the same on every node
 * @param stream the stream's name in the reservoir
 * @param side which part of the stream the table shows
 */
record TableSettings(String config, String stream, Side side) {
  /** Path of {@code watershed.yaml} or {@code .json}. */
  static final String CONFIG = "watershed.config";

  /** The stream. */
  static final String STREAM = "watershed.stream";

  /** {@code all} or {@code live}. */
  static final String SIDE = "watershed.side";

  /** Names the configuration where a table does not. */
  static final String ENVIRONMENT = "WATERSHED_CONFIG";

  /** Parts of a stream. */
  enum Side {
    /** Archived and live records of one cut. */
    ALL("all"),
    /** Records of the cut that are not archived. */
    LIVE("live");

    private final String text;

    Side(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    static Side of(String text) {
      for (Side side : values()) {
        if (side.text.equalsIgnoreCase(text)) {
          return side;
        }
      }
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the table property '" + SIDE + "' is '" + text + "'",
          "It may be 'all', archived and live records of one cut, or 'live'.");
    }
  }

  /**
   * Reads properties.
   *
   * @param properties a table property's value by its name
   * @throws WatershedException {@code config} for one that is missing or wrong
   */
  static TableSettings of(Function<String, @Nullable String> properties) {
    return new TableSettings(
        Optional.ofNullable(properties.apply(CONFIG))
            .or(() -> Optional.ofNullable(System.getenv(ENVIRONMENT)))
            .orElseThrow(() -> missing(CONFIG, "the path of watershed.yaml on every node")),
        Optional.ofNullable(properties.apply(STREAM))
            .orElseThrow(() -> missing(STREAM, "the stream's name in the reservoir")),
        Side.of(Optional.ofNullable(properties.apply(SIDE)).orElse(Side.ALL.text())));
  }

  /** The same as properties. */
  Map<String, String> properties() {
    return Map.of(CONFIG, config, STREAM, stream, SIDE, side.text());
  }

  private static WatershedException missing(String property, String what) {
    return new WatershedException(
        ErrorCode.CONFIG,
        "the table has no property '" + property + "'",
        "Create it with TBLPROPERTIES ('" + property + "'='…'), " + what + ".");
  }
}
