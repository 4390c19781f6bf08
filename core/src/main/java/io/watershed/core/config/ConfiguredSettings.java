package io.watershed.core.config;

/** Turns the keys of a section into the settings records that the modules take. */
final class ConfiguredSettings {
  private ConfiguredSettings() {}

  static ArchiveSettings archive(ConfigSection section) {
    return ArchiveSettings.DEFAULTS
        .withCommitInterval(section.get(ConfigKeys.COMMIT_INTERVAL))
        .withCommitBytes(section.get(ConfigKeys.COMMIT_SIZE).bytes())
        .withBuffers(
            section.get(ConfigKeys.STREAM_BUFFER).bytes(),
            section.get(ConfigKeys.PROCESS_BUFFER).bytes())
        .withPollInterval(section.get(ConfigKeys.POLL_INTERVAL))
        .withOutageLimit(section.get(ConfigKeys.OUTAGE_LIMIT));
  }

  static PayloadSettings payload(ConfigSection section) {
    return PayloadSettings.DEFAULTS.withFormat(section.get(ConfigKeys.FORMAT));
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
