package io.watershed.cli.demo;

import java.io.IOException;

/** The demo's archiver: one process at a time. */
final class Archivers implements AutoCloseable {
  private final DemoFolder folder;
  private ArchiverProcess current;
  private boolean killed;

  /** Starts the first one. */
  Archivers(DemoFolder folder) throws IOException {
    this.folder = folder;
    this.current = ArchiverProcess.start(folder.config(), folder.archiverLog());
  }

  /**
   * Kills the current one.
   *
   * @return its process id
   */
  long kill() throws InterruptedException {
    killed = current.isAlive();
    current.kill();
    return current.pid();
  }

  /**
   * Starts another one.
   *
   * @return its process id
   */
  long start() throws IOException {
    current = ArchiverProcess.start(folder.config(), folder.archiverLog());
    return current.pid();
  }

  /** Whether one was running when it was killed. */
  boolean killed() {
    return killed;
  }

  /** Asks the current one to commit what it read and to end; returns its status. */
  int stop() throws InterruptedException {
    return current.stop();
  }

  @Override
  public void close() {
    current.close();
  }
}
