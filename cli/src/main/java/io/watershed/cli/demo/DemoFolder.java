package io.watershed.cli.demo;

import io.watershed.cli.Folders;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that a demo writes into: its configuration, its reservoir, its archiver's log. */
final class DemoFolder {
  private static final String MARK = ".watershed-demo";

  private final Path folder;

  private DemoFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes the folder for this process, and removes what an earlier demo left in it.
   *
   * @throws WatershedException {@code refused} if another demo is running there, or if the folder
   *     holds something else
   */
  static DemoFolder take(Path folder) throws IOException {
    Path mark = folder.resolve(MARK);
    if (Files.exists(folder) && !isEmpty(folder)) {
      if (!Files.exists(mark)) {
        throw new WatershedException(
            ErrorCode.REFUSED,
            folder + " is not empty and not from a demo",
            "Give the demo another folder with --dir.");
      }
      owner(mark)
          .ifPresent(
              pid -> {
                throw new WatershedException(
                    ErrorCode.REFUSED,
                    "Another demo (process " + pid + ") is running in " + folder,
                    "Stop it with Ctrl-C, or give this one another folder with --dir.");
              });
      Folders.delete(folder);
    }
    Files.createDirectories(folder);
    Files.writeString(mark, ProcessHandle.current().pid() + "\n");
    return new DemoFolder(folder);
  }

  /** Where the configuration is. */
  Path config() {
    return folder.resolve("watershed.yaml");
  }

  /** Where the archiver's lines go. */
  Path archiverLog() {
    return folder.resolve("archiver.log");
  }

  /** The folder itself. */
  Path path() {
    return folder;
  }

  /** Writes the configuration that every part of the demo, and every other terminal, uses. */
  void writeConfig(URI endpoint) throws IOException {
    Files.writeString(
        config(),
        """
        # Written by 'watershed demo'; the next demo replaces it.
        reservoir: ./data
        aws:
          region: us-east-1
          endpoint_url: %s
          local_credentials: true
        defaults:
          commit_interval: 2s
        streams:
          orders: {}
          clicks: {}
        """
            .formatted(endpoint));
  }

  /** The process that holds the folder, if it lives and is not this one. */
  private static Optional<Long> owner(Path mark) throws IOException {
    String text = Files.readString(mark).strip();
    if (!text.matches("[0-9]{1,18}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(text);
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> process.info().command().orElse("java").contains("java"))
        .map(ProcessHandle::pid);
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
