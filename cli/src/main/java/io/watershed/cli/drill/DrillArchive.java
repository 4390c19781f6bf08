package io.watershed.cli.drill;

import io.watershed.cli.CommandContext;
import io.watershed.cli.Folders;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the Drill archive that the build makes, and unpacks it once. */
public final class DrillArchive {
  private static final String NAME = "watershed-drill-";
  private static final String SUFFIX = ".tar.gz";
  private static final Duration KEPT = Duration.ofDays(7);

  private final Path cache;

  /**
   * @param cache where archives are unpacked
   */
  public DrillArchive(Path cache) {
    this.cache = cache;
  }

  /**
   * The folder of a runnable Drill.
   *
   * @param given a folder or an archive that the user names
   * @param places folders to look in for an unpacked archive or the archive itself, best first
   * @throws WatershedException {@code not-found} if there is none
   */
  public Path home(Optional<Path> given, List<Path> places) {
    if (given.isPresent()) {
      return runnable(given.get())
          .orElseThrow(
              () ->
                  new WatershedException(
                      ErrorCode.NOT_FOUND,
                      given.get() + " is neither an unpacked Drill archive nor the archive itself",
                      "It has bin/drillbit in it, or is named "
                          + NAME
                          + "<version>"
                          + SUFFIX
                          + "."));
    }
    for (Path place : places) {
      for (Path candidate : candidates(place)) {
        Optional<Path> home = runnable(candidate);
        if (home.isPresent()) {
          return home.get();
        }
      }
    }
    throw missing("--drill-home");
  }

  /** Where to look: in the sources, beside the distribution, and in it. */
  public static List<Path> places(CommandContext context) {
    return places(context, "drill-dist/target");
  }

  /**
   * The same for another part of the build.
   *
   * @param built where the build puts it, in the sources
   */
  public static List<Path> places(CommandContext context, String built) {
    String launcher = context.environment().get("WATERSHED_LAUNCHER");
    if (launcher == null || !launcher.contains("/")) {
      return List.of(context.folder());
    }
    Path bin = context.folder().resolve(launcher).toAbsolutePath().normalize().getParent();
    if (bin == null) {
      return List.of(context.folder());
    }
    List<Path> places = new ArrayList<>(List.of(bin.resolve(built)));
    for (Path folder = bin.getParent(); folder != null && places.size() < 3; ) {
      places.add(folder);
      folder = folder.getParent();
    }
    places.add(context.folder());
    return places;
  }

  /**
   * The archive itself.
   *
   * @param places folders to look in, best first
   * @throws WatershedException {@code not-found} if there is none
   */
  public static Path file(List<Path> places) {
    return places.stream()
        .flatMap(place -> candidates(place).stream())
        .filter(DrillArchive::isArchive)
        .findFirst()
        .orElseThrow(() -> missing("--drill-archive"));
  }

  /** The newest first. */
  private static List<Path> candidates(Path place) {
    try (Stream<Path> files = Files.list(place)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(NAME))
          .sorted(Comparator.comparing(DrillArchive::modified).reversed())
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private Optional<Path> runnable(Path path) {
    if (Files.isExecutable(path.resolve("bin/drillbit"))) {
      return Optional.of(path.toAbsolutePath());
    }
    return isArchive(path) ? Optional.of(unpacked(path)) : Optional.empty();
  }

  private static boolean isArchive(Path path) {
    return path.getFileName().toString().endsWith(SUFFIX) && Files.isRegularFile(path);
  }

  private static WatershedException missing(String option) {
    return new WatershedException(
        ErrorCode.NOT_FOUND,
        "there is no Drill archive (" + NAME + "<version>" + SUFFIX + ")",
        "In the sources, './mvnw -DskipTests verify -pl drill-dist -am' makes it in"
            + " drill-dist/target; or name one with "
            + option
            + ".");
  }

  private Path unpacked(Path archive) {
    try {
      String name = archive.getFileName().toString().replace(SUFFIX, "");
      String stamp =
          Integer.toHexString((Files.size(archive) + " " + modified(archive)).hashCode());
      Path home = cache.resolve(name + "-" + stamp);
      if (!Files.isExecutable(home.resolve("bin/drillbit"))) {
        unpack(archive, home);
      }
      Files.setLastModifiedTime(home, FileTime.from(Instant.now()));
      forgetOthers(home);
      return home;
    } catch (IOException e) {
      throw unreadable(archive, e);
    }
  }

  /** Appears complete or not at all, whoever else does the same. */
  private void unpack(Path archive, Path home) throws IOException {
    Files.createDirectories(cache);
    Path part = Files.createTempDirectory(cache, "unpacking");
    try {
      Process tar =
          new ProcessBuilder(
                  "tar", "-xzf", archive.toAbsolutePath().toString(), "--strip-components", "1")
              .directory(part.toFile())
              .redirectErrorStream(true)
              .start();
      tar.getOutputStream().close();
      String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (tar.waitFor() != 0) {
        throw new IOException("tar failed: " + said.strip());
      }
      Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      Folders.delete(part); // another process was quicker
    } catch (IOException e) {
      Folders.delete(part);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WatershedException(ErrorCode.CANCELLED, "Interrupted", "", e);
    }
  }

  /** What no run has used for a week. */
  private void forgetOthers(Path home) throws IOException {
    Instant old = Instant.now().minus(KEPT);
    for (Path other : candidates(cache)) {
      if (!other.equals(home) && modified(other).toInstant().isBefore(old)) {
        Folders.delete(other);
      }
    }
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static WatershedException unreadable(Path path, IOException cause) {
    return new WatershedException(
        ErrorCode.STORE,
        "the Drill archive cannot be unpacked: " + path + ": " + cause.getMessage(),
        "It needs about 400 MB in the cache folder (WATERSHED_CACHE) and the command tar.",
        cause);
  }
}
