package io.watershed.query;

import io.watershed.query.RecordScan.Extent;
import io.watershed.query.RecordScan.Totals;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/** Sums over the parts of a scan. */
final class ScanSummary {
  private long records;
  private long payloadBytes;
  private long largestPayloadBytes;
  private long tombstones;
  private Optional<Extent> extent = Optional.empty();

  /**
   * The select list that {@link #add} expects.
   *
   * @param counted a condition for rows that the scan delivers
   * @param tombstone a condition for tombstones, delivered or not
   */
  static String items(String counted, String tombstone) {
    String filter = " FILTER (" + counted + ")";
    return "count(*)"
        + filter
        + ", coalesce(sum(octet_length(_payload))"
        + filter
        + ", 0)::BIGINT, coalesce(max(octet_length(_payload))"
        + filter
        + ", 0), epoch_us(min(_arrival_time)"
        + filter
        + "), epoch_us(max(_arrival_time)"
        + filter
        + "), min(_partition_key)"
        + filter
        + ", max(_partition_key)"
        + filter
        + ", count(*) FILTER ("
        + tombstone
        + ")";
  }

  void add(ResultSet row) throws SQLException {
    tombstones += row.getLong(8);
    if (row.getLong(1) == 0) {
      return;
    }
    records += row.getLong(1);
    payloadBytes += row.getLong(2);
    largestPayloadBytes = Math.max(largestPayloadBytes, row.getLong(3));
    Extent part =
        new Extent(
            Instant.EPOCH.plus(row.getLong(4), ChronoUnit.MICROS),
            Instant.EPOCH.plus(row.getLong(5), ChronoUnit.MICROS),
            Objects.requireNonNullElse(row.getString(6), ""),
            Objects.requireNonNullElse(row.getString(7), ""));
    extent = Optional.of(extent.map(before -> both(before, part)).orElse(part));
  }

  private static Extent both(Extent a, Extent b) {
    return new Extent(
        a.firstArrival().isBefore(b.firstArrival()) ? a.firstArrival() : b.firstArrival(),
        a.lastArrival().isAfter(b.lastArrival()) ? a.lastArrival() : b.lastArrival(),
        a.firstKey().compareTo(b.firstKey()) <= 0 ? a.firstKey() : b.firstKey(),
        a.lastKey().compareTo(b.lastKey()) >= 0 ? a.lastKey() : b.lastKey());
  }

  Totals totals() {
    return new Totals(records, payloadBytes, largestPayloadBytes);
  }

  Optional<Extent> extent() {
    return extent;
  }

  long tombstones() {
    return tombstones;
  }
}
