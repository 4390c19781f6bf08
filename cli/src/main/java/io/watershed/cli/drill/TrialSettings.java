package io.watershed.cli.drill;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How big a trial cluster is.
 *
 * @param drillbits 1 runs alone; more share a ZooKeeper
 * @param heap Java heap of a drillbit, as the JVM writes sizes
 * @param direct memory of a drillbit beside its heap, as the JVM writes sizes
 * @param port JDBC port of the first one; 0 takes any free one, as the others do
 * @param javaHome a JDK 17
 * @param config watershed's configuration, for the plugin; empty without one
 */
public record TrialSettings(
    int drillbits, String heap, String direct, int port, Path javaHome, Optional<Path> config) {}
