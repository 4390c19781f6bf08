package io.watershed.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster of Apache Drill is reached by JDBC.
 *
 * @param drillbits {@code host:port} of some of its drillbits; one that answers is taken
 * @param storage the name that watershed's plugin has there
 * @param user whom Drill knows; empty if it asks nobody
 * @param passwordFile a file with the user's password
 */
public record DrillSettings(
    List<String> drillbits, String storage, Optional<String> user, Optional<Path> passwordFile) {
  public DrillSettings {
    drillbits = List.copyOf(drillbits);
  }
}
