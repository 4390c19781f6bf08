package io.watershed.drill;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.drill.common.logical.StoragePluginConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a drillbit finds the reservoir and its streams: the path of a configuration file, which each
 * drillbit reads for itself, or the parts of one in place. With neither, the environment variable
 * {@value #ENVIRONMENT} names the file. It travels in plans, so it holds no credentials: those are
 * of the drillbit's environment, or of the profile that the configuration names.
 */
@JsonTypeName(WatershedPluginConfig.TYPE)
public final class WatershedPluginConfig extends StoragePluginConfig {
  /** The {@code type} of the plugin's configuration, and its usual name. */
  public static final String TYPE = "watershed";

  /** Names the configuration file where the plugin's configuration does not. */
  public static final String ENVIRONMENT = "WATERSHED_CONFIG";

  private final @Nullable String config;
  private final @Nullable Object reservoir;
  private final @Nullable Object streams;
  private final @Nullable Object defaults;
  private final @Nullable Object aws;

  /**
   * What is null is left out.
   *
   * @param config path of {@code watershed.yaml} or {@code .json}, the same on every drillbit
   * @param reservoir as in that file; not together with {@code config}
   * @param streams as in that file
   * @param defaults as in that file
   * @param aws as in that file
   */
  @JsonCreator
  public WatershedPluginConfig(
      @JsonProperty("config") @Nullable String config,
      @JsonProperty("reservoir") @Nullable Object reservoir,
      @JsonProperty("streams") @Nullable Object streams,
      @JsonProperty("defaults") @Nullable Object defaults,
      @JsonProperty("aws") @Nullable Object aws) {
    this.config = config;
    this.reservoir = reservoir;
    this.streams = streams;
    this.defaults = defaults;
    this.aws = aws;
  }

  /** A plugin that reads this file. */
  public static WatershedPluginConfig of(String config) {
    return new WatershedPluginConfig(config, null, null, null, null);
  }

  /** Path of the configuration file. */
  @JsonProperty("config")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable String config() {
    return config;
  }

  /** The reservoir, as in a configuration file. */
  @JsonProperty("reservoir")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Object reservoir() {
    return reservoir;
  }

  /** The streams, as in a configuration file. */
  @JsonProperty("streams")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Object streams() {
    return streams;
  }

  /** The streams' defaults, as in a configuration file. */
  @JsonProperty("defaults")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Object defaults() {
    return defaults;
  }

  /** How AWS is reached, as in a configuration file. */
  @JsonProperty("aws")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public @Nullable Object aws() {
    return aws;
  }

  /** The parts in place, as a configuration file has them; empty if there is no reservoir. */
  @JsonIgnore
  Optional<Map<String, Object>> inPlace() {
    if (reservoir == null) {
      return Optional.empty();
    }
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("reservoir", reservoir);
    put(parts, "streams", streams);
    put(parts, "defaults", defaults);
    put(parts, "aws", aws);
    return Optional.of(parts);
  }

  private static void put(Map<String, Object> parts, String name, @Nullable Object part) {
    if (part != null) {
      parts.put(name, part);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WatershedPluginConfig that
        && Objects.equals(config, that.config)
        && Objects.equals(reservoir, that.reservoir)
        && Objects.equals(streams, that.streams)
        && Objects.equals(defaults, that.defaults)
        && Objects.equals(aws, that.aws);
  }

  @Override
  public int hashCode() {
    return Objects.hash(config, reservoir, streams, defaults, aws);
  }

  @Override
  public String toString() {
    return "watershed " + (config == null ? inPlace() : config);
  }
}
