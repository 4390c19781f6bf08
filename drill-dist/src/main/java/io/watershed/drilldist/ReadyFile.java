package io.watershed.drilldist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says that a process is up: lines {@code name=value}, there in one piece or not at all. */
final class ReadyFile {
  private ReadyFile() {}

  /** Writes the file that the settings name, if they do. */
  static void write(Map<String, String> facts) throws IOException {
    Optional<Path> file = ProcessSettings.readyFile();
    if (file.isEmpty()) {
      return;
    }
    String text =
        facts.entrySet().stream()
            .map(fact -> fact.getKey() + "=" + fact.getValue() + "\n")
            .collect(Collectors.joining());
    Path part = file.get().resolveSibling(file.get().getFileName() + ".part");
    Files.writeString(part, text);
    Files.move(part, file.get(), StandardCopyOption.ATOMIC_MOVE);
  }
}
