package io.watershed.archive.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time in an object's name, UTC, as the tools write it: Firehose's file names ({@code
 * …-2026-11-23-10-05-00-<uuid>}) and folders ({@code 2026/11/23/10/}), and folders of Hive's kind
 * ({@code dt=2026-11-23/hour=10/}, {@code year=2026/month=11/day=23/}).
 */
final class ObjectTime {
  private static final Pattern FIREHOSE_FILE =
      Pattern.compile("-(\\d{4})-(\\d{2})-(\\d{2})-(\\d{2})-(\\d{2})-(\\d{2})-");
  private static final Pattern FOLDERS =
      Pattern.compile("(?:^|/)(\\d{4})/(\\d{2})/(\\d{2})/(?:(\\d{2})/)?");
  private static final Pattern HIVE_DATE =
      Pattern.compile("(?:^|/)\\w+=(\\d{4})-(\\d{2})-(\\d{2})/(?:\\w+=(\\d{1,2})/)?");
  private static final Pattern HIVE_PARTS =
      Pattern.compile("(?:^|/)year=(\\d{4})/month=(\\d{1,2})/day=(\\d{1,2})/(?:hour=(\\d{1,2})/)?");

  private ObjectTime() {}

  static Optional<Instant> inName(String key) {
    for (Pattern pattern : new Pattern[] {FIREHOSE_FILE, FOLDERS, HIVE_DATE, HIVE_PARTS}) {
      Matcher matcher = pattern.matcher(key);
      if (matcher.find()) {
        return time(matcher);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> time(Matcher found) {
    try {
      return Optional.of(
          LocalDateTime.of(
                  part(found, 1),
                  part(found, 2),
                  part(found, 3),
                  part(found, 4),
                  part(found, 5),
                  part(found, 6))
              .toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static int part(Matcher found, int group) {
    return group > found.groupCount() || found.group(group) == null
        ? 0
        : Integer.parseInt(found.group(group));
  }
}
