package io.watershed.core.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Every key of {@code watershed.yaml}, by part of the file. This is the one definition: the loader
 * reads by it, the published JSON Schema and {@code docs/configuration.md} are checked against it.
 */
public final class ConfigKeys {
  static final ConfigKey<String> REGION =
      ConfigKey.optional(
          "region", ConfigType.TEXT, "AWS region. Without it, as the AWS CLI finds it.");
  static final ConfigKey<String> PROFILE =
      ConfigKey.optional(
          "profile",
          ConfigType.TEXT,
          "Profile of the shared AWS configuration files. Without it, as the AWS CLI finds it.");
  static final ConfigKey<URI> ENDPOINT_URL =
      ConfigKey.optional(
          "endpoint_url",
          ConfigType.ENDPOINT,
          "Another endpoint than the region's own, such as an emulator's.");
  static final ConfigKey<String> ROLE_ARN =
      ConfigKey.optional("role_arn", ConfigType.TEXT, "A role to assume.");
  static final ConfigKey<String> EXTERNAL_ID =
      ConfigKey.optional("external_id", ConfigType.TEXT, "The external id that the role asks for.");
  static final ConfigKey<Boolean> LOCAL_CREDENTIALS =
      ConfigKey.withDefault(
          "local_credentials",
          ConfigType.FLAG,
          false,
          "Use dummy keys. Only for an emulator: the endpoint must be on this machine.");

  static final ConfigKey<String> LOCATION =
      ConfigKey.withDefault(
          "location",
          ConfigType.TEXT,
          "watershed-data",
          "Where everything is kept: s3://bucket/prefix, or a folder, relative to this file.");

  static final ConfigKey<String> ALIAS =
      ConfigKey.optional(
          "alias",
          ConfigType.TEXT,
          "The stream's name in SQL and in the reservoir. Without it, the stream's own name.");

  /** How to reach AWS: {@code aws}, and each stream's own. */
  public static final List<ConfigKey<?>> AWS =
      List.of(REGION, PROFILE, ENDPOINT_URL, ROLE_ARN, EXTERNAL_ID, LOCAL_CREDENTIALS);

  /** The keys of {@code reservoir}; a plain text there is its {@code location}. */
  public static final List<ConfigKey<?>> RESERVOIR = concat(List.of(LOCATION), AWS);

  /** Settings that a stream can have for itself; in {@code defaults} they hold for all. */
  public static final List<ConfigKey<?>> PER_STREAM = List.of();

  /** The keys of {@code defaults}. */
  public static final List<ConfigKey<?>> DEFAULTS = concat(PER_STREAM, List.of());

  /** The keys of one entry of {@code streams}. */
  public static final List<ConfigKey<?>> STREAM = concat(concat(List.of(ALIAS), AWS), PER_STREAM);

  private ConfigKeys() {}

  private static List<ConfigKey<?>> concat(List<ConfigKey<?>> some, List<ConfigKey<?>> more) {
    List<ConfigKey<?>> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
