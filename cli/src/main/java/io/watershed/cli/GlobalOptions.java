package io.watershed.cli;

import io.watershed.core.config.ConfigOverrides;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
public final class GlobalOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration file. Default: $WATERSHED_CONFIG, else ./watershed.yaml.")
  @Nullable Path config;

  @Option(
      names = {"-s", "--stream-config"},
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      description = "Folder with one file per stream (orders.yaml), added to 'streams'.")
  @Nullable Path streamConfig;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "AWS profile; wins over the configuration file.")
  @Nullable String profile;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      scope = ScopeType.INHERIT,
      description = "AWS region; wins over the configuration file.")
  @Nullable String region;

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "Kinesis endpoint, such as http://127.0.0.1:4567.")
  @Nullable URI endpointUrl;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "table (default), json, ndjson or csv; sql also parquet.")
  @Nullable OutputFormat output;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "The same as -o json.")
  boolean json;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "More log lines, and stack traces with errors.")
  boolean verbose;

  @Option(
      names = "--log",
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "Log lines and errors as text (default) or json, one object a line.")
  LogFormat log = LogFormat.TEXT;

  OutputFormat format() {
    return json ? OutputFormat.JSON : Optional.ofNullable(output).orElse(OutputFormat.TABLE);
  }

  ConfigOverrides overrides() {
    return new ConfigOverrides(
        Optional.ofNullable(region),
        Optional.ofNullable(profile),
        Optional.ofNullable(endpointUrl));
  }
}
