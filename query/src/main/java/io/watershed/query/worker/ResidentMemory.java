package io.watershed.query.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much memory a process has in RAM: {@code VmRSS} of proc_pid_status(5), Linux only. */
final class ResidentMemory {
  private ResidentMemory() {}

  /** In bytes; empty if the process is gone, or the system does not tell. */
  static OptionalLong of(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
        }
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
