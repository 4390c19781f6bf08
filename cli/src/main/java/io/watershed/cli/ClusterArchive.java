package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the archive with Drill that the cluster installs. */
final class ClusterArchive {
  private static final String PREFIX = "watershed-drill-";
  private static final String SUFFIX = ".tar.gz";

  private ClusterArchive() {}

  /**
   * Beside the distribution, or where the build makes it.
   *
   * @throws WatershedException {@code not-found}
   */
  static Path find(CommandContext context) {
    List<Path> folders = new ArrayList<>();
    Optional.ofNullable(context.environment().get("WATERSHED_HOME"))
        .map(Path::of)
        .ifPresent(
            home -> {
              folders.add(home);
              Optional.ofNullable(home.getParent()).ifPresent(folders::add);
            });
    folders.add(context.folder());
    folders.add(context.folder().resolve("drill-dist").resolve("target"));
    return folders.stream()
        .flatMap(folder -> in(folder).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "the archive with Drill ("
                        + PREFIX
                        + "<version>"
                        + SUFFIX
                        + ") is not beside this installation",
                    "Build it with './mvnw -DskipTests package', or name it with"
                        + " --drill-archive."));
  }

  private static Optional<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(ClusterArchive::isArchive).findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not readable: not there
    }
  }

  private static boolean isArchive(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }
}
