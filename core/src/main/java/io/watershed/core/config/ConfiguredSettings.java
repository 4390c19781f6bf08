package io.watershed.core.config;

import io.watershed.core.config.PayloadSettings.Compression;
import io.watershed.core.config.PayloadSettings.Documents;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns the keys of a section into the settings records that the modules take. */
final class ConfiguredSettings {
  private static final String INFERRED = ConfigKeys.SCHEMA.defaultText().orElseThrow();

  private static final int RATE_TO_BURST = 4;

  private ConfiguredSettings() {}

  static ArchiveSettings archive(ConfigSection section) {
    return ArchiveSettings.DEFAULTS
        .withCommitInterval(section.get(ConfigKeys.COMMIT_INTERVAL))
        .withCommitBytes(section.get(ConfigKeys.COMMIT_SIZE).bytes())
        .withBuffers(
            section.get(ConfigKeys.STREAM_BUFFER).bytes(),
            section.get(ConfigKeys.PROCESS_BUFFER).bytes())
        .withPollInterval(section.get(ConfigKeys.POLL_INTERVAL))
        .withOutageLimit(section.get(ConfigKeys.OUTAGE_LIMIT))
        .withTrimAlarm(section.get(ConfigKeys.TRIM_ALARM));
  }

  static PayloadSettings payload(ConfigSection section) {
    return PayloadSettings.DEFAULTS
        .withFormat(section.get(ConfigKeys.FORMAT))
        .withCompression(choice(Compression.class, section.get(ConfigKeys.COMPRESSION)))
        .withDocuments(choice(Documents.class, section.get(ConfigKeys.DOCUMENTS)))
        .withColumns(columns(section))
        .withCsvDelimiter(csvDelimiter(section))
        .withAvro(avro(section));
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }

  static MaintenanceSettings maintenance(ConfigSection section) {
    return MaintenanceSettings.DEFAULTS
        .withAutomatic(
            section.get(ConfigKeys.MAINTENANCE).equals("auto"),
            section.get(ConfigKeys.MAINTENANCE_SHARE))
        .withFileBytes(section.get(ConfigKeys.COMPACT_SIZE).bytes())
        .withKeep(section.own(ConfigKeys.KEEP));
  }

  private static DeclaredSchema columns(ConfigSection section) {
    return new DeclaredSchema(
        section.own(ConfigKeys.COLUMNS).orElse(List.of()),
        section.own(ConfigKeys.SCHEMA).orElse(INFERRED).equals(INFERRED));
  }

  private static AvroSettings avro(ConfigSection section) {
    return new AvroSettings(
        AvroSettings.Frame.valueOf(
            section.own(ConfigKeys.AVRO_FRAME).orElse("none").toUpperCase(Locale.ROOT)),
        section.own(ConfigKeys.AVRO_SCHEMA).map(section::path),
        section.own(ConfigKeys.AVRO_SCHEMAS).map(section::path),
        section.own(ConfigKeys.AVRO_REGISTRY));
  }

  /** What the settings of one stream's payloads must be to each other. */
  static void checkPayload(ConfigSection section, PayloadSettings payload) {
    List<DeclaredColumn> columns = payload.columns().columns();
    if (columns.isEmpty() && !payload.columns().growing()) {
      throw section.error(
          ConfigKeys.SCHEMA.name(),
          "there are no declared columns",
          "Name them in 'columns', or write 'schema: inferred'.");
    }
    switch (payload.format()) {
      case "raw" -> checkRaw(section, columns);
      case "csv" -> checkCsv(section, columns);
      case "avro" -> checkAvro(section, payload.avro());
      default -> {}
    }
  }

  private static void checkRaw(ConfigSection section, List<DeclaredColumn> columns) {
    if (!columns.isEmpty()) {
      throw section.error(
          ConfigKeys.COLUMNS.name(),
          "payloads of the format raw have no columns",
          "Choose another 'format', or leave 'columns' out.");
    }
  }

  private static void checkAvro(ConfigSection section, AvroSettings avro) {
    boolean bare = avro.frame() == AvroSettings.Frame.NONE;
    if (bare && avro.schema().isEmpty()) {
      throw section.error(
          ConfigKeys.AVRO_SCHEMA.name(),
          "Avro data without a frame needs its schema",
          "Name the .avsc file, or say with 'avro_frame' what is before the data.");
    }
    if (!bare && avro.schema().isPresent()) {
      throw section.error(
          ConfigKeys.AVRO_SCHEMA.name(),
          "each payload names its schema itself",
          "Leave this out; 'avro_schemas' and 'avro_registry' say where schemas are.");
    }
    if (!bare && avro.schemas().isEmpty() && avro.registry().isEmpty()) {
      throw section.error(
          ConfigKeys.AVRO_FRAME.name(),
          "nothing says where the schemas are",
          "Add 'avro_schemas' (a folder), or 'avro_registry' with the frame confluent.");
    }
    if (avro.frame() != AvroSettings.Frame.CONFLUENT && avro.registry().isPresent()) {
      throw section.error(
          ConfigKeys.AVRO_REGISTRY.name(),
          "a registry of this kind knows the ids of the frame confluent only",
          "Put the schemas into the folder of 'avro_schemas', named <UUID>.avsc.");
    }
  }

  private static void checkCsv(ConfigSection section, List<DeclaredColumn> columns) {
    if (columns.isEmpty()) {
      throw section.error(
          ConfigKeys.COLUMNS.name(),
          "fields of CSV have no names of their own",
          "Declare the columns in the order of the fields.");
    }
    for (DeclaredColumn column : columns) {
      if (column.path().size() > 1 || column.type() == DeclaredType.JSON) {
        throw section.error(
            ConfigKeys.COLUMNS.name(),
            "a field of CSV cannot be '" + String.join(".", column.path()) + "'",
            "Declare one of long, double, number, text, boolean for each field, not nested.");
      }
    }
  }

  private static char csvDelimiter(ConfigSection section) {
    String text = section.own(ConfigKeys.CSV_DELIMITER).orElse(",");
    return text.equals("tab") ? '\t' : text.charAt(0);
  }

  static LiveReadSettings live(ConfigSection section) {
    LiveReadSettings defaults = LiveReadSettings.DEFAULTS;
    return new LiveReadSettings(
        Math.toIntExact(section.get(ConfigKeys.LIVE_MAX_RECORDS)),
        section.get(ConfigKeys.LIVE_MAX_SIZE).bytes(),
        section.get(ConfigKeys.LIVE_TIMEOUT),
        defaults.minCallInterval(),
        defaults.recordsPerCall(),
        defaults.resolveAttempts());
  }

  static ReplayGuards replay(ConfigSection section) {
    return new ReplayGuards(
        ReplayGuards.parseTargets(section.get(ConfigKeys.REPLAY_TARGETS)),
        section.get(ConfigKeys.REPLAY_MAX_RECORDS),
        section.get(ConfigKeys.REPLAY_TARGET_KEYS),
        section.get(ConfigKeys.REPLAY_LEASE));
  }

  static ServerSettings server(ConfigSection section) {
    ServerSettings.Limits defaults = ServerSettings.Limits.DEFAULTS;
    int perSecond = Math.toIntExact(section.get(ConfigKeys.REQUESTS_PER_SECOND));
    return new ServerSettings(
        section.get(ConfigKeys.LISTEN),
        section.own(ConfigKeys.FLIGHT),
        tls(section),
        section.own(ConfigKeys.TOKENS).orElse(List.of()),
        section.path(section.get(ConfigKeys.AUDIT_LOG)),
        defaults
            .withStatements(
                Math.toIntExact(section.get(ConfigKeys.MAX_STATEMENTS)),
                Math.toIntExact(section.get(ConfigKeys.MAX_WAITING_STATEMENTS)))
            .withResults(
                section.get(ConfigKeys.RESULT_SIZE).bytes(),
                section.get(ConfigKeys.ALL_RESULTS_SIZE).bytes(),
                section.get(ConfigKeys.RESULT_IDLE))
            .withSessions(
                Math.toIntExact(section.get(ConfigKeys.MAX_SESSIONS)),
                Math.toIntExact(section.get(ConfigKeys.MAX_TAILS)))
            .withRate(perSecond, perSecond * RATE_TO_BURST));
  }

  private static Optional<ServerSettings.Tls> tls(ConfigSection section) {
    Optional<String> certificate = section.own(ConfigKeys.TLS_CERTIFICATE);
    Optional<String> key = section.own(ConfigKeys.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw section.error(
          (certificate.isPresent() ? ConfigKeys.TLS_CERTIFICATE : ConfigKeys.TLS_KEY).name(),
          "a certificate and its key go together",
          "Give both files, or none.");
    }
    return certificate.map(
        file -> new ServerSettings.Tls(section.path(file), section.path(key.orElseThrow())));
  }

  /**
   * The part {@code cluster}.
   *
   * @param access how its services are reached
   */
  static ClusterSettings cluster(ConfigSection section, AwsAccess access) {
    return new ClusterSettings(
        section.get(ConfigKeys.CLUSTER_NAME),
        section.get(ConfigKeys.RELEASE_LABEL),
        access,
        section.own(ConfigKeys.RESOURCES).map(URI::create),
        section.own(ConfigKeys.LOG_URI).map(URI::create),
        new ClusterSettings.Roles(
            section.get(ConfigKeys.SERVICE_ROLE), section.get(ConfigKeys.INSTANCE_PROFILE)),
        new ClusterSettings.Network(
            section.own(ConfigKeys.KEY_PAIR),
            section.own(ConfigKeys.SUBNETS).orElse(List.of()),
            section.own(ConfigKeys.SECURITY_CONFIGURATION),
            section.own(ConfigKeys.PRIMARY_SECURITY_GROUP),
            section.own(ConfigKeys.CORE_SECURITY_GROUP),
            section.own(ConfigKeys.SERVICE_SECURITY_GROUP)),
        new ClusterSettings.Instances(
            section.get(ConfigKeys.PRIMARY_INSTANCE),
            section.get(ConfigKeys.CORE_INSTANCE),
            Math.toIntExact(section.get(ConfigKeys.CORE_COUNT)),
            section.get(ConfigKeys.TASK_INSTANCE),
            Math.toIntExact(section.get(ConfigKeys.TASK_COUNT)),
            choice(ClusterSettings.Instances.Spot.class, section.get(ConfigKeys.SPOT))),
        section.own(ConfigKeys.TAGS).orElse(Map.of()),
        section.own(ConfigKeys.AUTO_TERMINATION),
        section.get(ConfigKeys.FILESYSTEM).equals("emrfs"),
        choice(ClusterSettings.HiveHandler.class, section.get(ConfigKeys.HIVE_HANDLER)),
        new ClusterSettings.DrillMemory(
            section.get(ConfigKeys.DRILL_HEAP).bytes(),
            section.get(ConfigKeys.DRILL_DIRECT_MEMORY).bytes()),
        new ClusterSettings.Ssh(
            section.get(ConfigKeys.SSH_USER),
            section.own(ConfigKeys.PRIVATE_KEY).map(file -> homePath(section, file)),
            homePath(section, section.get(ConfigKeys.KNOWN_HOSTS)),
            section.get(ConfigKeys.PORTS)),
        section.own(ConfigKeys.REQUEST).orElse(Map.of()));
  }

  /** As shells read it: ~ is the user's folder. */
  private static Path homePath(ConfigSection section, String text) {
    return text.startsWith("~/")
        ? Path.of(System.getProperty("user.home")).resolve(text.substring(2))
        : section.path(text);
  }

  static SqlEngine engine(ConfigSection section) {
    return choice(SqlEngine.class, section.get(ConfigKeys.ENGINE));
  }

  static DrillSettings drill(ConfigSection section) {
    return new DrillSettings(
        section.get(ConfigKeys.DRILLBITS),
        section.get(ConfigKeys.DRILL_STORAGE),
        section.own(ConfigKeys.DRILL_USER),
        section.own(ConfigKeys.DRILL_PASSWORD_FILE).map(file -> homePath(section, file)));
  }

  static SqlSettings sql(ConfigSection section) {
    SqlSettings defaults = SqlSettings.DEFAULTS;
    return new SqlSettings(
        section.get(ConfigKeys.SQL_TIMEOUT),
        section.get(ConfigKeys.SQL_MEMORY).bytes(),
        section.get(ConfigKeys.SQL_SPILL).bytes(),
        defaults.threads(),
        section.get(ConfigKeys.SQL_MAX_ROWS),
        defaults.maxStatementChars(),
        defaults.maxReshreddedBytes(),
        defaults.maxReshreddedRecords(),
        section.get(ConfigKeys.SQL_CACHE).bytes(),
        defaults.parallelDownloads());
  }
}
