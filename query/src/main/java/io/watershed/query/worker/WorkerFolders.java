package io.watershed.query.worker;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.scratch.ScratchFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The children's folders: named after their parent, so that what a killed one left is found. */
final class WorkerFolders {
  private static final Pattern NAME = Pattern.compile("worker-(\\d+)-.*");

  private WorkerFolders() {}

  static ScratchFolder create(Path temporary) {
    try {
      Files.createDirectories(temporary);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE, "The folder " + temporary + " cannot be made: " + e.getMessage(), "", e);
    }
    return ScratchFolder.in(temporary.toAbsolutePath(), "worker-" + ProcessHandle.current().pid());
  }

  /** Deletes the folders whose parent is not there any more. */
  static void sweep(Path temporary) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, "worker-*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          new ScratchFolder(folder).close();
        }
      }
    } catch (IOException e) {
      return; // not there yet, or not readable: whoever makes a folder in it will say so
    }
  }
}
