package io.watershed.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A process and its children, as proc(5) tells of them; nothing where there is none. Processor time
 * of children that have ended counts as far as it was seen. Used by one thread.
 */
final class ProcessFamily {
  private final ProcessHandle parent;
  private final Map<Long, Duration> seen = new HashMap<>();

  ProcessFamily(ProcessHandle parent) {
    this.parent = parent;
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(parent), parent.descendants()).toList();
  }

  /** How many there are. */
  int size() {
    return all().size();
  }

  /** Resident bytes of all; pages that several share count once for each. */
  long residentBytes() {
    return all().stream().mapToLong(process -> kilobytes(process, "status", "VmRSS:") << 10).sum();
  }

  /** Resident bytes of all; a page that several share counts once. */
  long sharedOnceBytes() {
    return all().stream()
        .mapToLong(process -> kilobytes(process, "smaps_rollup", "Pss:") << 10)
        .sum();
  }

  /** Resident bytes of the process itself. */
  long parentBytes() {
    return kilobytes(parent, "status", "VmRSS:") << 10;
  }

  /** Processor seconds of the process itself. */
  double parentCpuSeconds() {
    return parent.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  /** Processor seconds of all children so far. */
  double childrenCpuSeconds() {
    parent
        .descendants()
        .forEach(
            child -> child.info().totalCpuDuration().ifPresent(cpu -> seen.put(child.pid(), cpu)));
    return seen.values().stream().mapToLong(Duration::toMillis).sum() / 1e3;
  }

  private static long kilobytes(ProcessHandle process, String file, String name) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), file)).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // It has ended.
    }
  }
}
