package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Every key of {@code watershed.yaml}, by part of the file. This is the one definition: the loader
 * reads by it, the published JSON Schema and {@code docs/configuration.md} are checked against it.
 */
public final class ConfigKeys {
  private static final ConfigType<String> S3_FOLDER =
      ConfigType.of(
          ConfigKeys::s3Folder,
          text -> text,
          Map.of("type", "string", "pattern", "^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$"));

  private static final ConfigType<String> STORAGE_NAME =
      ConfigType.of(
          ConfigKeys::storageName,
          text -> text,
          Map.of("type", "string", "pattern", "^[A-Za-z0-9_-]{1,64}$"));

  /** What Athena takes as a name without quotes. */
  private static final ConfigType<String> CATALOG_NAME =
      ConfigType.of(
          ConfigKeys::catalogName,
          text -> text,
          Map.of("type", "string", "pattern", "^[a-z0-9_]{1,255}$"));

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
  static final ConfigKey<String> KMS_KEY =
      ConfigKey.optional(
          "kms_key",
          ConfigType.TEXT,
          "KMS key (id, ARN or alias) that encrypts what is written to S3 (SSE-KMS). Without it,"
              + " the bucket's own setting holds.");

  static final ConfigKey<String> ALIAS =
      ConfigKey.optional(
          "alias",
          ConfigType.TEXT,
          "The stream's name in SQL and in the reservoir. Without it, the stream's own name.");

  static final ConfigKey<List<DeclaredColumn>> COLUMNS =
      ConfigKey.optional(
          "columns",
          new DeclaredColumnsType(),
          "Columns that exist from the start: keys with types, nested as the payloads are.");
  static final ConfigKey<String> SCHEMA =
      ConfigKey.withDefault(
          "schema",
          ConfigType.choice("inferred", "declared"),
          "inferred",
          "Whether records add columns (inferred), or those in 'columns' are all (declared).");

  static final ConfigKey<Duration> COMMIT_INTERVAL =
      ConfigKey.withDefault(
          "commit_interval",
          ConfigType.duration(Duration.ofMillis(100), Duration.ofHours(6)),
          ArchiveSettings.DEFAULTS.commits().interval(),
          "The longest that a record waits in memory for its commit. It waits the less, the more is"
              + " buffered: quiet streams make few files, busy ones large files.");
  static final ConfigKey<DataSize> COMMIT_SIZE =
      ConfigKey.withDefault(
          "commit_size",
          ConfigType.size("1kB", "8GiB"),
          new DataSize(ArchiveSettings.DEFAULTS.commits().bytes()),
          "At this many buffered bytes nothing waits, whatever the interval says.");

  static final ConfigKey<DataSize> STREAM_BUFFER =
      ConfigKey.withDefault(
          "stream_buffer",
          ConfigType.size("1MB", "64GiB"),
          new DataSize(ArchiveSettings.DEFAULTS.buffers().streamBytes()),
          "The most memory of one stream for answers under way and records not committed; reading"
              + " pauses there.");
  static final ConfigKey<DataSize> PROCESS_BUFFER =
      ConfigKey.withDefault(
          "process_buffer",
          ConfigType.size("1MB", "64GiB"),
          new DataSize(ArchiveSettings.DEFAULTS.buffers().processBytes()),
          "The same for all streams of the process together. Half of it is guaranteed to them in"
              + " equal parts; of the rest, busy ones take what is free.");
  static final ConfigKey<Duration> POLL_INTERVAL =
      ConfigKey.withDefault(
          "poll_interval",
          ConfigType.duration(Duration.ofMillis(200), Duration.ofMinutes(10)),
          ArchiveSettings.DEFAULTS.pace().pollInterval(),
          "Pause between two reads of a shard at its tip. A shard allows 5 reads a second, for all"
              + " of its readers together.");
  static final ConfigKey<Duration> OUTAGE_LIMIT =
      ConfigKey.withDefault(
          "outage_limit",
          ConfigType.duration(Duration.ofSeconds(1), Duration.ofDays(7)),
          ArchiveSettings.DEFAULTS.outages().limit(),
          "The archiver gives a stream up when Kinesis or the reservoir failed for this long.");

  static final ConfigKey<Duration> TRIM_ALARM =
      ConfigKey.withDefault(
          "trim_alarm",
          ConfigType.duration(Duration.ofMinutes(1), Duration.ofDays(365)),
          ArchiveSettings.DEFAULTS.trimAlarm(),
          "The archiver warns when at its current rate a shard would lose data within this time, or"
              + " within half of the stream's retention.");

  static final ConfigKey<Duration> LIVE_TIMEOUT =
      ConfigKey.withDefault(
          "live_timeout",
          ConfigType.duration(Duration.ofMillis(100), Duration.ofMinutes(30)),
          LiveReadSettings.DEFAULTS.timeout(),
          "The longest that a statement waits for records that are not archived yet.");
  static final ConfigKey<Long> LIVE_MAX_RECORDS =
      ConfigKey.withDefault(
          "live_max_records",
          ConfigType.count(1, 100_000_000),
          (long) LiveReadSettings.DEFAULTS.maxRecords(),
          "The most records that a statement reads live.");
  static final ConfigKey<DataSize> LIVE_MAX_SIZE =
      ConfigKey.withDefault(
          "live_max_size",
          ConfigType.size("1kB", "64GiB"),
          new DataSize(LiveReadSettings.DEFAULTS.maxBytes()),
          "The most payload bytes that a statement reads live.");

  static final ConfigKey<String> ENGINE =
      ConfigKey.withDefault(
          "engine",
          ConfigType.choice("duckdb", "drill"),
          "duckdb",
          "What answers users' statements: duckdb on this machine, or the cluster that 'drill'"
              + " names.");
  static final ConfigKey<Duration> SQL_TIMEOUT =
      ConfigKey.withDefault(
          "sql_timeout",
          ConfigType.duration(Duration.ofMillis(100), Duration.ofDays(1)),
          SqlSettings.DEFAULTS.timeout(),
          "A statement that runs longer is cancelled."
              + " The time that the reader of its rows takes does not count.");
  static final ConfigKey<DataSize> SQL_MEMORY =
      ConfigKey.withDefault(
          "sql_memory",
          ConfigType.size("64MB", "1TB"),
          new DataSize(SqlSettings.DEFAULTS.memoryBytes()),
          "DuckDB's memory limit; what is larger spills to disk.");
  static final ConfigKey<DataSize> SQL_SPILL =
      ConfigKey.withDefault(
          "sql_spill",
          ConfigType.size("0", "10TB"),
          new DataSize(SqlSettings.DEFAULTS.spillBytes()),
          "Disk space that a statement may spill to.");
  static final ConfigKey<Long> SQL_MAX_ROWS =
      ConfigKey.withDefault(
          "sql_max_rows",
          ConfigType.count(1, 10_000_000_000L),
          SqlSettings.DEFAULTS.maxRows(),
          "A result with more rows ends in an error.");
  static final ConfigKey<DataSize> SQL_CACHE =
      ConfigKey.withDefault(
          "sql_cache",
          ConfigType.size("1MB", "10TB"),
          new DataSize(SqlSettings.DEFAULTS.cacheBytes()),
          "Size of the local folder that holds files from S3.");

  static final ConfigKey<String> REPLAY_TARGETS =
      ConfigKey.withDefault(
          "replay_targets",
          ConfigType.TEXT,
          "*",
          "The only streams that a replay may write to: names or ARNs with commas between them, *"
              + " for any characters.");
  static final ConfigKey<Long> REPLAY_MAX_RECORDS =
      ConfigKey.withDefault(
          "replay_max_records",
          ConfigType.count(1, 1_000_000_000_000L),
          ReplayGuards.DEFAULTS.maxRecords(),
          "The most records that one replay may send.");
  static final ConfigKey<Long> REPLAY_TARGET_KEYS =
      ConfigKey.withDefault(
          "replay_target_keys",
          ConfigType.count(1, 1_000_000_000L),
          ReplayGuards.DEFAULTS.targetKeys(),
          "The most partition keys of a target that a replay with --skip-superseded holds in memory,"
              + " about 250 bytes each. A target with more is an error.");
  static final ConfigKey<Duration> REPLAY_LEASE =
      ConfigKey.withDefault(
          "replay_lease",
          ConfigType.duration(Duration.ofSeconds(2), Duration.ofMinutes(10)),
          ReplayGuards.DEFAULTS.lease(),
          "A replay that enters nothing in its ledger for this long is taken to be dead; it enters"
              + " something at least every 5 s, or six times in this time. The same for all"
              + " processes that run one plan.");

  static final ConfigKey<String> MAINTENANCE =
      ConfigKey.withDefault(
          "maintenance",
          ConfigType.choice("auto", "off"),
          "auto",
          "Whether archive keeps the archives fit by itself, or leaves it to 'watershed"
              + " maintain'.");
  static final ConfigKey<Double> MAINTENANCE_SHARE =
      ConfigKey.withDefault(
          "maintenance_share",
          ConfigType.SHARE,
          MaintenanceSettings.DEFAULTS.share(),
          "The most of the time that archive spends on maintenance.");
  static final ConfigKey<DataSize> COMPACT_SIZE =
      ConfigKey.withDefault(
          "compact_size",
          ConfigType.size("1MB", "4GiB"),
          new DataSize(MaintenanceSettings.DEFAULTS.fileBytes()),
          "Payload bytes of a compacted file. Twice as many are in memory while it is written.");
  static final ConfigKey<Duration> KEEP =
      ConfigKey.optional(
          "keep",
          ConfigType.KEEP,
          "Drop records that arrived longer ago, whole UTC days: 90d or 7y. Without it, none.");

  static final ConfigKey<String> FORMAT =
      ConfigKey.withDefault(
          "format",
          ConfigType.choice("json", "csv", "avro", "raw"),
          PayloadSettings.DEFAULTS.format(),
          "How payloads become columns: json, csv, avro, or raw for none.");
  static final ConfigKey<String> COMPRESSION =
      ConfigKey.withDefault(
          "compression",
          ConfigType.choice("none", "gzip", "auto"),
          PayloadSettings.DEFAULTS.compression().text(),
          "What is around the format: nothing, gzip, or gzip where a payload begins as such.");
  static final ConfigKey<String> DOCUMENTS =
      ConfigKey.withDefault(
          "documents",
          ConfigType.choice("one", "many"),
          PayloadSettings.DEFAULTS.documents().text(),
          "many: a payload of several JSON documents becomes as many records.");
  static final ConfigKey<String> REPLAYED =
      ConfigKey.withDefault(
          "replayed",
          ConfigType.choice("skip", "keep"),
          "skip",
          "What becomes of replayed records that come back unchanged and are archived already.");
  static final ConfigKey<String> CSV_DELIMITER =
      ConfigKey.withDefault(
          "csv_delimiter",
          ConfigType.choice(",", ";", "|", "tab"),
          ",",
          "What is between two fields of CSV.");
  static final ConfigKey<String> AVRO_FRAME =
      ConfigKey.withDefault(
          "avro_frame",
          ConfigType.choice("none", "confluent", "glue"),
          "none",
          "What is before the Avro data and names its schema.");
  static final ConfigKey<String> AVRO_SCHEMA =
      ConfigKey.optional(
          "avro_schema",
          ConfigType.TEXT,
          "File with the schema of Avro data without a frame, relative to this file.");
  static final ConfigKey<String> AVRO_SCHEMAS =
      ConfigKey.optional(
          "avro_schemas",
          ConfigType.TEXT,
          "Folder with schemas named <id>.avsc, relative to this file.");
  static final ConfigKey<URI> AVRO_REGISTRY =
      ConfigKey.optional(
          "avro_registry",
          ConfigType.ENDPOINT,
          "Schema registry with Confluent's REST interface, asked for what the folder lacks.");

  static final ConfigKey<String> LISTEN =
      ConfigKey.withDefault(
          "listen",
          ConfigType.TEXT,
          "127.0.0.1:8090",
          "Where 'watershed serve' listens: a port (on loopback), or host:port. Any other address"
              + " than loopback needs tokens.");
  static final ConfigKey<String> FLIGHT =
      ConfigKey.optional(
          "flight",
          ConfigType.TEXT,
          "Where Arrow Flight SQL listens for JDBC and ADBC clients: a port (on loopback), or"
              + " host:port. Without it, it does not.");
  static final ConfigKey<String> TLS_CERTIFICATE =
      ConfigKey.optional(
          "tls_certificate",
          ConfigType.TEXT,
          "File with the certificate and its chain (PEM), relative to this file. With it, the"
              + " server speaks HTTPS.");
  static final ConfigKey<String> TLS_KEY =
      ConfigKey.optional(
          "tls_key",
          ConfigType.TEXT,
          "File with the certificate's private key (PEM, PKCS#8, not encrypted), relative to this"
              + " file.");
  static final ConfigKey<List<ServerToken>> TOKENS =
      ConfigKey.optional(
          "tokens",
          new ServerTokensType(),
          "Who may ask: a list of name, role (read or operate) and hash. 'watershed token' makes"
              + " one.");
  static final ConfigKey<String> AUDIT_LOG =
      ConfigKey.withDefault(
          "audit_log",
          ConfigType.TEXT,
          "watershed-audit.ndjson",
          "File that says who ran what, one JSON object a line, relative to this file.");
  static final ConfigKey<Long> MAX_STATEMENTS =
      ConfigKey.withDefault(
          "max_statements",
          ConfigType.count(1, 64),
          (long) ServerSettings.Limits.DEFAULTS.runningStatements(),
          "Statements that run at the same time, each in a process of its own with sql_memory.");
  static final ConfigKey<Long> MAX_WAITING_STATEMENTS =
      ConfigKey.withDefault(
          "max_waiting_statements",
          ConfigType.count(0, 10_000),
          (long) ServerSettings.Limits.DEFAULTS.waitingStatements(),
          "Statements that wait for their turn; more are refused.");
  static final ConfigKey<DataSize> RESULT_SIZE =
      ConfigKey.withDefault(
          "result_size",
          ConfigType.size("1MB", "1TB"),
          new DataSize(ServerSettings.Limits.DEFAULTS.resultBytes()),
          "Disk space of one statement's result; rows beyond it are left out, and the answer says"
              + " so.");
  static final ConfigKey<DataSize> ALL_RESULTS_SIZE =
      ConfigKey.withDefault(
          "all_results_size",
          ConfigType.size("1MB", "10TB"),
          new DataSize(ServerSettings.Limits.DEFAULTS.allResultBytes()),
          "Disk space of all results together; the oldest go first.");
  static final ConfigKey<Duration> RESULT_IDLE =
      ConfigKey.withDefault(
          "result_idle",
          ConfigType.duration(Duration.ofSeconds(10), Duration.ofDays(7)),
          ServerSettings.Limits.DEFAULTS.resultIdle(),
          "A result that nobody asked for in this time is deleted.");
  static final ConfigKey<Long> MAX_SESSIONS =
      ConfigKey.withDefault(
          "max_sessions",
          ConfigType.count(4, 10_000),
          (long) ServerSettings.Limits.DEFAULTS.sessions(),
          "Live connections at the same time: events, tails, requests that wait.");
  static final ConfigKey<Long> MAX_TAILS =
      ConfigKey.withDefault(
          "max_tails",
          ConfigType.count(1, 1_000),
          (long) ServerSettings.Limits.DEFAULTS.tails(),
          "Of these, tails: each reads the shards of its stream.");
  static final ConfigKey<Long> REQUESTS_PER_SECOND =
      ConfigKey.withDefault(
          "requests_per_second",
          ConfigType.count(1, 1_000_000),
          (long) ServerSettings.Limits.DEFAULTS.requestsPerSecond(),
          "Requests of one caller in the long run; four times as many at once.");

  static final ConfigKey<List<String>> DRILLBITS =
      ConfigKey.withDefault(
          "drillbits",
          new TextListType("[A-Za-z0-9._-]{1,253}:[0-9]{1,5}"),
          List.of("127.0.0.1:31010"),
          "host:port of some drillbits, for JDBC; one that answers is taken.");
  static final ConfigKey<String> DRILL_STORAGE =
      ConfigKey.withDefault(
          "storage", STORAGE_NAME, "watershed", "The name of watershed's storage plugin in Drill.");
  static final ConfigKey<String> DRILL_USER =
      ConfigKey.optional(
          "user", ConfigType.TEXT, "Whom Drill knows. Without it, Drill must ask nobody.");
  static final ConfigKey<String> DRILL_PASSWORD_FILE =
      ConfigKey.optional(
          "password_file", ConfigType.TEXT, "A file with the user's password, and nothing else.");

  static final ConfigKey<String> CATALOG_TYPE =
      ConfigKey.withDefault(
          "type",
          ConfigType.choice("none", "glue"),
          "none",
          "glue shows each archive as a table of the AWS Glue Data Catalog, for Athena, Trino and"
              + " Spark on EMR.");
  static final ConfigKey<String> CATALOG_DATABASE =
      ConfigKey.withDefault(
          "database",
          CATALOG_NAME,
          "watershed",
          "The database of its tables; made if it is missing.");
  static final ConfigKey<URI> CATALOG_ENDPOINT_URL =
      ConfigKey.optional(
          "endpoint_url",
          ConfigType.ENDPOINT,
          "Another endpoint for Glue than the region's own, such as an emulator's.");

  static final ConfigKey<String> CLUSTER_NAME =
      ConfigKey.withDefault(
          "name",
          ConfigType.TEXT,
          "watershed",
          "The cluster's name. It is found by it, so there is one cluster of this name at a time.");
  static final ConfigKey<String> RELEASE_LABEL =
      ConfigKey.withDefault(
          "release_label",
          ConfigType.TEXT,
          "emr-7.14.0",
          "The release of Amazon EMR: 7.x, which has Java 17.");
  static final ConfigKey<URI> CLUSTER_ENDPOINT_URL =
      ConfigKey.optional(
          "endpoint_url",
          ConfigType.ENDPOINT,
          "Another endpoint for EMR and its S3 than the region's own, such as an emulator's.");
  static final ConfigKey<String> RESOURCES =
      ConfigKey.optional(
          "resources",
          S3_FOLDER,
          "s3://bucket/prefix for what the cluster installs: Drill, Hive's storage handler, their"
              + " configuration, a script.");
  static final ConfigKey<String> LOG_URI =
      ConfigKey.optional("log_uri", S3_FOLDER, "s3://bucket/prefix where EMR keeps its logs.");
  static final ConfigKey<String> SERVICE_ROLE =
      ConfigKey.withDefault(
          "service_role", ConfigType.TEXT, "EMR_DefaultRole", "IAM role of the EMR service.");
  static final ConfigKey<String> INSTANCE_PROFILE =
      ConfigKey.withDefault(
          "instance_profile",
          ConfigType.TEXT,
          "EMR_EC2_DefaultRole",
          "Instance profile of the nodes. It reads the reservoir and the streams, and stores the"
              + " cuts of Hive's queries under receipts/.");
  static final ConfigKey<String> KEY_PAIR =
      ConfigKey.optional(
          "key_pair",
          ConfigType.TEXT,
          "EC2 key pair of the nodes, without which no SSH is let in.");
  static final ConfigKey<List<String>> SUBNETS =
      ConfigKey.optional(
          "subnets",
          new TextListType("subnet-[0-9a-z]{1,40}"),
          "Subnet of the nodes; several only with instance fleets. Without it, EMR's choice.");
  static final ConfigKey<String> SECURITY_CONFIGURATION =
      ConfigKey.optional(
          "security_configuration", ConfigType.TEXT, "EMR's security configuration, by its name.");
  static final ConfigKey<String> PRIMARY_SECURITY_GROUP =
      ConfigKey.optional(
          "primary_security_group",
          ConfigType.TEXT,
          "Security group of the primary node. Without it, EMR makes one, closed to SSH.");
  static final ConfigKey<String> CORE_SECURITY_GROUP =
      ConfigKey.optional(
          "core_security_group", ConfigType.TEXT, "Security group of core and task nodes.");
  static final ConfigKey<String> SERVICE_SECURITY_GROUP =
      ConfigKey.optional(
          "service_security_group",
          ConfigType.TEXT,
          "Security group through which EMR reaches nodes in a private subnet.");
  static final ConfigKey<String> PRIMARY_INSTANCE =
      ConfigKey.withDefault(
          "primary_instance", ConfigType.TEXT, "m6i.xlarge", "Instance type of the primary node.");
  static final ConfigKey<String> CORE_INSTANCE =
      ConfigKey.withDefault(
          "core_instance", ConfigType.TEXT, "r6i.xlarge", "Instance type of core nodes.");
  static final ConfigKey<Long> CORE_COUNT =
      ConfigKey.withDefault("core_count", ConfigType.count(0, 1_000), 2L, "Number of core nodes.");
  static final ConfigKey<String> TASK_INSTANCE =
      ConfigKey.withDefault(
          "task_instance", ConfigType.TEXT, "r6i.xlarge", "Instance type of task nodes.");
  static final ConfigKey<Long> TASK_COUNT =
      ConfigKey.withDefault("task_count", ConfigType.count(0, 1_000), 0L, "Number of task nodes.");
  static final ConfigKey<String> SPOT =
      ConfigKey.withDefault(
          "spot",
          ConfigType.choice("none", "task", "core_and_task"),
          "none",
          "Which nodes are spot instances. EC2 may take them away; a running query then fails.");
  static final ConfigKey<Map<String, String>> TAGS =
      ConfigKey.optional("tags", new TextMapType(), "Tags of the cluster and its instances.");
  static final ConfigKey<Duration> AUTO_TERMINATION =
      ConfigKey.optional(
          "auto_termination",
          ConfigType.duration(Duration.ofMinutes(1), Duration.ofDays(7)),
          "EMR ends the cluster when it was idle for this long. It may not see Drill's queries.");
  static final ConfigKey<String> FILESYSTEM =
      ConfigKey.withDefault(
          "filesystem",
          ConfigType.choice("s3a", "emrfs"),
          "s3a",
          "What is behind s3:// on the cluster.");
  static final ConfigKey<String> HIVE_HANDLER =
      ConfigKey.withDefault(
          "hive_handler",
          ConfigType.choice("watershed", "emr"),
          "watershed",
          "What reads streams in Hive: watershed's storage handler, with one cut for each query, or"
              + " EMR's own connector, which has no positions.");
  static final ConfigKey<DataSize> DRILL_HEAP =
      ConfigKey.withDefault(
          "drill_heap",
          ConfigType.size("256MiB", "1TiB"),
          DataSize.parse("4GiB"),
          "Java heap of the drillbit on each node.");
  static final ConfigKey<DataSize> DRILL_DIRECT_MEMORY =
      ConfigKey.withDefault(
          "drill_direct_memory",
          ConfigType.size("256MiB", "10TiB"),
          DataSize.parse("8GiB"),
          "Direct memory of the drillbit on each node; queries run in it.");
  static final ConfigKey<String> SSH_USER =
      ConfigKey.withDefault("ssh_user", ConfigType.TEXT, "hadoop", "User on the primary node.");
  static final ConfigKey<String> PRIVATE_KEY =
      ConfigKey.optional(
          "private_key",
          ConfigType.TEXT,
          "File with the private half of the key pair, relative to this file, or from ~.");
  static final ConfigKey<String> KNOWN_HOSTS =
      ConfigKey.withDefault(
          "known_hosts",
          ConfigType.TEXT,
          "~/.ssh/known_hosts",
          "File with the keys of known hosts, as OpenSSH keeps it.");
  static final ConfigKey<List<String>> PORTS =
      ConfigKey.withDefault(
          "ports",
          new TextListType("[0-9]{1,5}(:[0-9]{1,5})?"),
          List.of("8047", "31010", "10000"),
          "Ports of the primary node that are forwarded: 'local:remote', or one number for both."
              + " Drill's web page and JDBC, HiveServer2.");
  static final ConfigKey<Map<String, Object>> REQUEST =
      ConfigKey.optional(
          "request",
          new FreeFormType(),
          "What else RunJobFlow takes, under its own names (Instances: {InstanceFleets: ...}). It is"
              + " laid over the rest, list by list.");

  /** How to reach AWS: {@code aws}, and each stream's own. */
  public static final List<ConfigKey<?>> AWS =
      List.of(REGION, PROFILE, ENDPOINT_URL, ROLE_ARN, EXTERNAL_ID, LOCAL_CREDENTIALS);

  /** The keys of {@code reservoir}; a plain text there is its {@code location}. */
  public static final List<ConfigKey<?>> RESERVOIR = concat(List.of(LOCATION, KMS_KEY), AWS);

  /** Settings that a stream can have for itself; in {@code defaults} they hold for all. */
  public static final List<ConfigKey<?>> PER_STREAM =
      List.of(COMMIT_INTERVAL, COMMIT_SIZE, FORMAT, COMPRESSION, DOCUMENTS, REPLAYED);

  /** The keys of {@code defaults}. */
  public static final List<ConfigKey<?>> DEFAULTS =
      concat(
          PER_STREAM,
          List.of(
              STREAM_BUFFER,
              PROCESS_BUFFER,
              POLL_INTERVAL,
              OUTAGE_LIMIT,
              TRIM_ALARM,
              MAINTENANCE,
              MAINTENANCE_SHARE,
              COMPACT_SIZE,
              LIVE_TIMEOUT,
              LIVE_MAX_RECORDS,
              LIVE_MAX_SIZE,
              ENGINE,
              SQL_TIMEOUT,
              SQL_MEMORY,
              SQL_SPILL,
              SQL_MAX_ROWS,
              SQL_CACHE,
              REPLAY_TARGETS,
              REPLAY_MAX_RECORDS,
              REPLAY_TARGET_KEYS,
              REPLAY_LEASE));

  /** The keys of one entry of {@code streams}. */
  public static final List<ConfigKey<?>> STREAM =
      concat(
          concat(List.of(ALIAS), AWS),
          concat(
              PER_STREAM,
              List.of(
                  KEEP,
                  SCHEMA,
                  COLUMNS,
                  CSV_DELIMITER,
                  AVRO_FRAME,
                  AVRO_SCHEMA,
                  AVRO_SCHEMAS,
                  AVRO_REGISTRY)));

  /** The keys of {@code server}. */
  public static final List<ConfigKey<?>> SERVER =
      List.of(
          LISTEN,
          FLIGHT,
          TLS_CERTIFICATE,
          TLS_KEY,
          TOKENS,
          AUDIT_LOG,
          MAX_STATEMENTS,
          MAX_WAITING_STATEMENTS,
          RESULT_SIZE,
          ALL_RESULTS_SIZE,
          RESULT_IDLE,
          MAX_SESSIONS,
          MAX_TAILS,
          REQUESTS_PER_SECOND);

  /** The keys of {@code cluster}. */
  public static final List<ConfigKey<?>> CLUSTER =
      List.of(
          CLUSTER_NAME,
          RELEASE_LABEL,
          REGION,
          PROFILE,
          CLUSTER_ENDPOINT_URL,
          ROLE_ARN,
          EXTERNAL_ID,
          LOCAL_CREDENTIALS,
          RESOURCES,
          LOG_URI,
          SERVICE_ROLE,
          INSTANCE_PROFILE,
          KEY_PAIR,
          SUBNETS,
          SECURITY_CONFIGURATION,
          PRIMARY_SECURITY_GROUP,
          CORE_SECURITY_GROUP,
          SERVICE_SECURITY_GROUP,
          PRIMARY_INSTANCE,
          CORE_INSTANCE,
          CORE_COUNT,
          TASK_INSTANCE,
          TASK_COUNT,
          SPOT,
          TAGS,
          AUTO_TERMINATION,
          FILESYSTEM,
          HIVE_HANDLER,
          DRILL_HEAP,
          DRILL_DIRECT_MEMORY,
          SSH_USER,
          PRIVATE_KEY,
          KNOWN_HOSTS,
          PORTS,
          REQUEST);

  /** The keys of {@code drill}. */
  public static final List<ConfigKey<?>> DRILL =
      List.of(DRILLBITS, DRILL_STORAGE, DRILL_USER, DRILL_PASSWORD_FILE);

  /** The keys of {@code catalog}. */
  public static final List<ConfigKey<?>> CATALOG =
      List.of(
          CATALOG_TYPE,
          CATALOG_DATABASE,
          REGION,
          PROFILE,
          CATALOG_ENDPOINT_URL,
          ROLE_ARN,
          EXTERNAL_ID,
          LOCAL_CREDENTIALS);

  private ConfigKeys() {}

  private static String storageName(String text) {
    if (!text.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' cannot be the name of a storage plugin",
          "Use letters, digits, _ and -.");
    }
    return text;
  }

  private static String catalogName(String text) {
    if (!text.matches("[a-z0-9_]{1,255}")) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' cannot be the name of a database",
          "Use small letters, digits and underscores.");
    }
    return text;
  }

  private static String s3Folder(String text) {
    String folder = text.strip().replaceFirst("/+$", "");
    if (!folder.matches("s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?")) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT, "'" + text + "' is no place in S3", "Write s3://bucket/prefix.");
    }
    return folder;
  }

  private static List<ConfigKey<?>> concat(List<ConfigKey<?>> some, List<ConfigKey<?>> more) {
    List<ConfigKey<?>> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
