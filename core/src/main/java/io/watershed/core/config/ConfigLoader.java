package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and validates {@code watershed.yaml}. Whatever is wrong is reported with file, line and
 * key; nothing is contacted.
 */
public final class ConfigLoader {
  /** A larger file is refused. */
  public static final int MAX_FILE_BYTES = 1 << 20;

  private static final List<String> PARTS =
      List.of("reservoir", "aws", "defaults", "streams", "server", "cluster", "catalog", "drill");

  private final ConfigOverrides overrides;
  private final Optional<StreamFolder> folder;

  /**
   * A loader for one command.
   *
   * @param overrides what the command line says
   */
  public ConfigLoader(ConfigOverrides overrides) {
    this(overrides, Optional.empty());
  }

  /**
   * A loader for one command, whose streams are not only in the configuration file.
   *
   * @param streams a folder with one file per stream
   */
  public ConfigLoader(ConfigOverrides overrides, Optional<StreamFolder> streams) {
    this.overrides = overrides;
    this.folder = streams;
  }

  /**
   * Reads the file.
   *
   * @throws WatershedException {@code config}
   */
  public WatershedConfig load(Path file) {
    return parse(file, read(file));
  }

  /**
   * The file's text.
   *
   * @throws WatershedException {@code config}
   */
  public static String read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new WatershedException(
            ErrorCode.CONFIG,
            file + " is a folder",
            "Name the file in it, such as " + file.resolve("watershed.yaml") + ".");
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new WatershedException(
            ErrorCode.CONFIG, file + " is larger than 1 MiB", "Is it the right file?");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "There is no file " + file,
          "Write a first one with 'watershed init', or name another with --config.",
          e);
    } catch (CharacterCodingException e) {
      throw new WatershedException(
          ErrorCode.CONFIG, file + " is not UTF-8 text", "Is it the right file?", e);
    } catch (AccessDeniedException e) {
      throw new WatershedException(
          ErrorCode.CONFIG, file + " may not be read by this user", "Check its permissions.", e);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          file + " cannot be read: " + e.getMessage(),
          "Name a file that can be read with --config.",
          e);
    }
  }

  /** What holds without a file. */
  public WatershedConfig defaults(Path folder) {
    WatershedConfig config = parse(folder.resolve("watershed.yaml"), "");
    return new WatershedConfig(
        Optional.empty(),
        config.reservoir(),
        config.streams(),
        config.template(),
        config.live(),
        config.sql(),
        config.replay(),
        config.server(),
        config.cluster(),
        config.catalog(),
        config.engine(),
        config.drill());
  }

  /**
   * Reads the text of a file.
   *
   * @param file for messages, and for what is relative to its folder
   * @param text YAML or JSON
   * @throws WatershedException {@code config}
   */
  public WatershedConfig parse(Path file, String text) {
    String name = file.toString();
    ConfigNode.Mapping root = tree(name, text);
    root.members()
        .forEach(
            (part, node) -> {
              if (!PARTS.contains(part)) {
                throw ConfigSection.unknownKey(name, "", part, node.line(), PARTS);
              }
            });
    ConfigSection aws = section(name, root, "aws", ConfigKeys.AWS, null);
    // A stream looks its AWS keys up in 'aws' and the others in 'defaults': one chain serves both.
    ConfigSection defaults = section(name, root, "defaults", ConfigKeys.DEFAULTS, aws);
    return new WatershedConfig(
        Optional.of(file),
        reservoir(file, root, aws),
        streams(name, root, defaults),
        stream(new StreamName("stream", Optional.empty(), Optional.empty()), defaults),
        ConfiguredSettings.live(defaults),
        ConfiguredSettings.sql(defaults),
        ConfiguredSettings.replay(defaults),
        ConfiguredSettings.server(section(name, root, "server", ConfigKeys.SERVER, null)),
        cluster(name, root, aws),
        catalog(file, root, aws),
        ConfiguredSettings.engine(defaults),
        drill(name, root, defaults));
  }

  /**
   * The file as JSON, for another process that reads it: without the parts that are not its
   * business.
   *
   * @param withoutParts top-level keys
   * @param withoutKeys keys of any part, such as a profile of this user
   * @throws WatershedException {@code config}
   */
  public String json(Path file, String text, Set<String> withoutParts, Set<String> withoutKeys) {
    ConfigNode.Mapping root = tree(file.toString(), text);
    root.members().keySet().removeAll(withoutParts);
    return ConfigText.json(root, withoutKeys);
  }

  private ConfigNode.Mapping tree(String name, String text) {
    ConfigNode.Mapping root = ConfigText.parse(name, text);
    folder.ifPresent(streams -> streams.addTo(root));
    return root;
  }

  private static ConfigSection section(
      String file,
      ConfigNode.Mapping root,
      String part,
      List<ConfigKey<?>> keys,
      @Nullable ConfigSection fallback) {
    ConfigNode node = root.members().getOrDefault(part, new ConfigNode.Empty(1));
    return new ConfigSection(file, part, node, keys, fallback);
  }

  private ReservoirConfig reservoir(Path file, ConfigNode.Mapping root, ConfigSection aws) {
    ConfigSection own =
        shortened(file, root, "reservoir", ConfigKeys.LOCATION, ConfigKeys.RESERVOIR);
    AwsAccess access = besideKinesis(own, aws);
    return new ReservoirConfig(root(file, own), access, own.own(ConfigKeys.KMS_KEY));
  }

  /** A part that may be a plain text, which then is one of its keys. */
  private static ConfigSection shortened(
      Path file,
      ConfigNode.Mapping root,
      String part,
      ConfigKey<String> plain,
      List<ConfigKey<?>> keys) {
    ConfigNode node = root.members().getOrDefault(part, new ConfigNode.Empty(1));
    if (node instanceof ConfigNode.Scalar) {
      ConfigNode.Mapping mapping = ConfigNode.Mapping.empty(node.line());
      mapping.members().put(plain.name(), node);
      node = mapping;
    }
    return new ConfigSection(file.toString(), part, node, keys, null);
  }

  private Optional<CatalogSettings> catalog(Path file, ConfigNode.Mapping root, ConfigSection aws) {
    ConfigSection own =
        shortened(file, root, "catalog", ConfigKeys.CATALOG_TYPE, ConfigKeys.CATALOG);
    AwsAccess access = besideKinesis(own, aws);
    if (own.get(ConfigKeys.CATALOG_TYPE).equals("none")) {
      return Optional.empty();
    }
    if (!reservoir(file, root, aws).root().getScheme().equals("s3")) {
      throw own.error(
          ConfigKeys.CATALOG_TYPE.name(),
          "tables of Glue are for archives on S3, and the reservoir is a folder",
          "Leave 'catalog' out, or give the reservoir a location s3://bucket/prefix.");
    }
    return Optional.of(new CatalogSettings(own.get(ConfigKeys.CATALOG_DATABASE), access));
  }

  private static Optional<DrillSettings> drill(
      String file, ConfigNode.Mapping root, ConfigSection defaults) {
    boolean meant =
        root.members().containsKey("drill")
            || ConfiguredSettings.engine(defaults) == SqlEngine.DRILL;
    return Optional.of(
            ConfiguredSettings.drill(section(file, root, "drill", ConfigKeys.DRILL, null)))
        .filter(settings -> meant);
  }

  private ClusterSettings cluster(String file, ConfigNode.Mapping root, ConfigSection aws) {
    ConfigSection own = section(file, root, "cluster", ConfigKeys.CLUSTER, null);
    return ConfiguredSettings.cluster(own, besideKinesis(own, aws));
  }

  /**
   * How a service other than Kinesis is reached: region, profile and role are those of 'aws' unless
   * it has its own; endpoint and dummy keys there are Kinesis' and no other service's.
   */
  private AwsAccess besideKinesis(ConfigSection own, ConfigSection aws) {
    AwsAccess access =
        new AwsAccess(
            overrides
                .region()
                .or(() -> own.own(ConfigKeys.REGION))
                .or(() -> aws.own(ConfigKeys.REGION)),
            overrides
                .profile()
                .or(() -> own.own(ConfigKeys.PROFILE))
                .or(() -> aws.own(ConfigKeys.PROFILE)),
            own.own(ConfigKeys.ENDPOINT_URL),
            own.own(ConfigKeys.ROLE_ARN).or(() -> aws.own(ConfigKeys.ROLE_ARN)),
            own.own(ConfigKeys.EXTERNAL_ID).or(() -> aws.own(ConfigKeys.EXTERNAL_ID)),
            own.get(ConfigKeys.LOCAL_CREDENTIALS));
    checkLocal(own, access);
    return access;
  }

  private static URI root(Path file, ConfigSection reservoir) {
    String location = reservoir.get(ConfigKeys.LOCATION);
    while (location.length() > 1 && location.endsWith("/")) {
      location = location.substring(0, location.length() - 1);
    }
    try {
      if (location.startsWith("s3:")) {
        URI uri = URI.create(location);
        if (uri.getAuthority() != null) {
          return uri;
        }
      } else {
        Path folder =
            location.startsWith("file:")
                ? Path.of(URI.create(location))
                : file.toAbsolutePath().resolveSibling(location);
        String uri = folder.normalize().toUri().toString();
        return URI.create(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
      }
    } catch (IllegalArgumentException e) {
      // Answered below.
    }
    throw reservoir.error(
        ConfigKeys.LOCATION.name(),
        "'" + location + "' is not a place for a reservoir",
        "Write s3://bucket/prefix, or a folder.");
  }

  private List<StreamConfig> streams(String file, ConfigNode.Mapping root, ConfigSection defaults) {
    ConfigNode node = root.members().getOrDefault("streams", new ConfigNode.Empty(1));
    Map<String, String> taken = new HashMap<>();
    List<StreamConfig> streams = new ArrayList<>();
    ConfigSection.mapping(file, "streams", node)
        .members()
        .forEach(
            (nameOrArn, value) -> {
              String path = "streams." + nameOrArn;
              ConfigSection own = new ConfigSection(file, path, value, ConfigKeys.STREAM, defaults);
              StreamConfig stream = checked(nameOrArn, own);
              String other = taken.put(StreamAlias.unique(stream.alias()), nameOrArn);
              if (other != null) {
                throw own.error(
                    ConfigKeys.ALIAS.name(),
                    "this has the same name in SQL as '" + other + "'",
                    "Give one of them an 'alias'.");
              }
              streams.add(stream);
            });
    return streams;
  }

  private StreamConfig checked(String nameOrArn, ConfigSection own) {
    try {
      StreamConfig stream = stream(StreamName.parse(nameOrArn), own);
      ConfiguredSettings.checkPayload(own, stream.payload());
      StreamAlias.check(stream.alias());
      StreamAlias.reserved(stream.alias())
          .ifPresent(
              reason -> {
                throw own.error(
                    ConfigKeys.ALIAS.name(), reason, "Give the stream another 'alias'.");
              });
      return stream;
    } catch (WatershedException e) {
      throw e.code() == ErrorCode.CONFIG
          ? e
          : own.error(ConfigKeys.ALIAS.name(), String.valueOf(e.getMessage()), e.hint());
    }
  }

  private StreamConfig stream(StreamName name, ConfigSection own) {
    AwsAccess access =
        new AwsAccess(
            overrides
                .region()
                .or(() -> own.own(ConfigKeys.REGION))
                .or(name::region)
                .or(() -> own.find(ConfigKeys.REGION)),
            overrides.profile().or(() -> own.find(ConfigKeys.PROFILE)),
            overrides.endpointUrl().or(() -> own.find(ConfigKeys.ENDPOINT_URL)),
            own.find(ConfigKeys.ROLE_ARN),
            own.find(ConfigKeys.EXTERNAL_ID),
            own.get(ConfigKeys.LOCAL_CREDENTIALS));
    checkLocal(own, access);
    return new StreamConfig(
        name.name(),
        name.arn(),
        own.own(ConfigKeys.ALIAS).orElse(name.name()),
        access,
        ConfiguredSettings.archive(own),
        ConfiguredSettings.payload(own),
        ConfiguredSettings.maintenance(own),
        own.get(ConfigKeys.REPLAYED).equals("keep"));
  }

  /** Dummy keys must not reach anybody else's machine, nor hide that real ones are missing. */
  private static void checkLocal(ConfigSection section, AwsAccess access) {
    if (access.localCredentials() && !access.endpointUrl().map(Loopback::holds).orElse(false)) {
      throw section.error(
          ConfigKeys.LOCAL_CREDENTIALS.name(),
          "dummy keys are only for an endpoint on this machine",
          "Set endpoint_url to one on 127.0.0.1 or localhost, or leave local_credentials out.");
    }
  }
}
