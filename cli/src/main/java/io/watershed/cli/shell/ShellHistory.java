package io.watershed.cli.shell;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;

/**
 * What was typed, in memory and in a file that only its owner reads. Bounded in entries and in
 * their length. Not kept: what begins with a space, and what seems to hold a secret.
 */
final class ShellHistory extends DefaultHistory {
  static final int MAX_ENTRIES = 1_000;
  static final int MAX_ENTRY_CHARS = 10_000;

  private static final Pattern SECRET =
      Pattern.compile(
          "\\b(AKIA|ASIA)[A-Z0-9]{12,}"
              + "|(?i:password|passwd|secret|token|api_?key|credential)\\w*\"?\\s*"
              + "(=|<>|!=|(?i:like|ilike|in)\\b)");

  @Override
  public void add(Instant time, String entry) {
    if (isKept(entry)) {
      super.add(time, entry);
    }
  }

  static boolean isKept(String entry) {
    return !entry.startsWith(" ")
        && entry.length() <= MAX_ENTRY_CHARS
        && !SECRET.matcher(entry).find();
  }

  /**
   * The file of this user, made if need be; empty where it cannot be made: then there is a history
   * in memory.
   */
  static Optional<Path> file(Map<String, String> environment, Path home) {
    String state = environment.get("XDG_STATE_HOME");
    Path folder =
        (state == null || state.isBlank() ? home.resolve(".local/state") : Path.of(state))
            .resolve("watershed");
    Path file = folder.resolve("sql_history");
    try {
      Files.createDirectories(folder);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      return Optional.of(file);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
    return Optional.of(file);
  }
}
