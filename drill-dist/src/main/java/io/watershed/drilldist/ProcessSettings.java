package io.watershed.drilldist;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the scripts tell a process, as system properties. */
final class ProcessSettings {
  private static final long STOP_SECONDS = 30;

  private ProcessSettings() {}

  /** Whether the drillbit runs alone, without ZooKeeper. */
  static boolean embedded() {
    return Boolean.getBoolean("watershed.drill.embedded");
  }

  /** Whether the process ends when its standard input does. */
  static boolean watchesParent() {
    return Boolean.getBoolean("watershed.drill.parent");
  }

  /** Where to say that the process is up. */
  static Optional<Path> readyFile() {
    return Optional.ofNullable(System.getProperty("watershed.drill.ready")).map(Path::of);
  }

  /** How long a stop may take; default 30 s. */
  static Duration stopDeadline() {
    return Duration.ofSeconds(Long.getLong("watershed.drill.stop_seconds", STOP_SECONDS));
  }
}
