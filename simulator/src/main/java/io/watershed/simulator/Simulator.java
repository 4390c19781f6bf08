package io.watershed.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Runs seeds, one after the other. Not thread-safe; close it. */
public final class Simulator implements AutoCloseable {
  private final Path scratch;
  private final Fibers fibers = new Fibers();

  /** A simulator with a temporary folder. */
  public Simulator() {
    try {
      scratch = Files.createTempDirectory("watershed-simulator-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one seed to its end and judges it. Equal seeds give equal results. */
  public SeedResult run(long seed) {
    return new Simulation(seed, fibers, scratch).run();
  }

  @Override
  public void close() {
    fibers.close();
    try (Stream<Path> paths = Files.walk(scratch)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException ignored) {
      // A temporary folder that stays behind harms nobody.
    }
  }
}
