package io.watershed.cli;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the jar of Hive's storage handler that the build makes. */
final class HiveJar {
  private static final String PREFIX = "watershed-hive-";
  private static final String SUFFIX = "-all.jar";

  private HiveJar() {}

  /**
   * The newest jar of the first place that has one.
   *
   * @param places folders to look in, best first
   * @throws WatershedException {@code not-found} if there is none
   */
  static Path file(List<Path> places) {
    return places.stream()
        .flatMap(place -> jars(place).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "there is no storage handler for Hive (" + PREFIX + "<version>" + SUFFIX + ")",
                    "In the sources, './mvnw -DskipTests package -pl hive -am' makes it in"
                        + " hive/target; or name one with --hive-jar; or set 'hive_handler: emr' in"
                        + " the part 'cluster' of the configuration."));
  }

  private static List<Path> jars(Path place) {
    try (Stream<Path> files = Files.list(place)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().startsWith(PREFIX)
                      && file.getFileName().toString().endsWith(SUFFIX))
          .sorted(Comparator.comparing(HiveJar::modified).reversed())
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static WatershedException unreadable(Path path, IOException e) {
    return new WatershedException(
        ErrorCode.NOT_FOUND, path + " cannot be read", "Name the jar with --hive-jar.", e);
  }
}
