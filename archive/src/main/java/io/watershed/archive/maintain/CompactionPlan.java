package io.watershed.archive.maintain;

import io.watershed.core.config.MaintenanceSettings;
import io.watershed.reservoir.table.DataFileInfo;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which files to make one of. Pure.
 *
 * <p>A day's files are taken in the order of their records, as many as make one file of the wanted
 * size, so that each new file is a slice of the day: it is pruned by time, and a scan in order of
 * position reads one after the other. Inside, rows stay in (shard, position) order: ordered scans,
 * verify and other engines rely on it, and within a shard it is the order of time as well.
 *
 * <p>Records that arrive late make small files of a day that was compacted before. They are made
 * one among themselves, and with the large file only when that is at most half of the new one: so a
 * record is rewritten a logarithmic number of times.
 */
final class CompactionPlan {
  /** Payload bytes of a compressed byte, about; only the size of the new files depends on it. */
  static final long EXPANSION = 6;

  /** What a record takes beside its payload. */
  static final long RECORD_BYTES = 200;

  private static final Comparator<DataFileInfo> IN_ORDER =
      Comparator.comparing((DataFileInfo file) -> file.minSequence().orElse(""))
          .thenComparing(DataFileInfo::key);

  private CompactionPlan() {}

  /** The groups of all closed days, oldest first. */
  static List<FileGroup> of(List<DataFileInfo> files, Instant now, MaintenanceSettings settings) {
    SortedMap<LocalDate, List<DataFileInfo>> days = new TreeMap<>();
    for (DataFileInfo file : files) {
      if (isClosed(file.day(), now, settings)) {
        days.computeIfAbsent(file.day(), day -> new ArrayList<>()).add(file);
      }
    }
    List<FileGroup> groups = new ArrayList<>();
    days.forEach((day, ofDay) -> addGroups(day, ofDay, settings.fileBytes(), groups));
    return groups;
  }

  static boolean isClosed(LocalDate day, Instant now, MaintenanceSettings settings) {
    Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return now.isAfter(end.plus(settings.closedAfter()));
  }

  private static void addGroups(
      LocalDate day, List<DataFileInfo> ofDay, long wanted, List<FileGroup> groups) {
    List<DataFileInfo> run = new ArrayList<>();
    long cost = 0;
    for (DataFileInfo file : ofDay.stream().sorted(IN_ORDER).toList()) {
      long own = cost(file);
      if (own > wanted / 2) {
        continue; // large enough
      }
      if (cost + own > wanted) {
        close(day, run, groups);
        run = new ArrayList<>();
        cost = 0;
      }
      run.add(file);
      cost += own;
    }
    close(day, run, groups);
  }

  /** Leaves out what is larger than all the others together. */
  private static void close(LocalDate day, List<DataFileInfo> run, List<FileGroup> groups) {
    List<DataFileInfo> worth = new ArrayList<>(run);
    long total = run.stream().mapToLong(CompactionPlan::cost).sum();
    for (DataFileInfo file :
        run.stream().sorted(Comparator.comparingLong(CompactionPlan::cost).reversed()).toList()) {
      if (cost(file) * 2 <= total) {
        break;
      }
      worth.remove(file);
      total -= cost(file);
    }
    if (worth.size() >= 2) {
      groups.add(new FileGroup(day, worth));
    }
  }

  /** Memory that the file's records take, about. */
  static long cost(DataFileInfo file) {
    return file.sizeBytes() * EXPANSION + file.rows() * RECORD_BYTES;
  }
}
