package io.watershed.core.config;

import java.util.List;

/** Turns the keys of a section into the settings records that the modules take. */
final class ConfiguredSettings {
  private static final String INFERRED = ConfigKeys.SCHEMA.defaultText().orElseThrow();

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
        .withColumns(columns(section))
        .withCsvDelimiter(csvDelimiter(section));
  }

  private static DeclaredSchema columns(ConfigSection section) {
    List<DeclaredColumn> columns = section.own(ConfigKeys.COLUMNS).orElse(List.of());
    boolean growing = section.own(ConfigKeys.SCHEMA).orElse(INFERRED).equals(INFERRED);
    if (columns.isEmpty() && !growing) {
      throw section.error(
          ConfigKeys.SCHEMA.name(),
          "there are no declared columns",
          "Name them in 'columns', or write 'schema: inferred'.");
    }
    if (!columns.isEmpty() && section.get(ConfigKeys.FORMAT).equals("raw")) {
      throw section.error(
          ConfigKeys.COLUMNS.name(),
          "payloads of the format raw have no columns",
          "Choose another 'format', or leave 'columns' out.");
    }
    if (section.get(ConfigKeys.FORMAT).equals("csv")) {
      checkCsv(section, columns);
    }
    return new DeclaredSchema(columns, growing);
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
