package io.watershed.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * What makes later starts quicker. The launcher decides where it is kept and whether it is used;
 * nothing depends on it. Two things: DuckDB's native library, unpacked once instead of at each
 * start, and the JVM's archive of loaded classes, which the JVM writes when it exits.
 */
public final class ColdStart {
  /** Where the JVM will write the classes of this process, if the launcher asked for it. */
  private static final String CLASSES = "watershed.classes";

  private static final String LIBRARY = "libduckdb_java.so_";

  private ColdStart() {}

  /** Notes that this process has answered a statement, so that its classes are worth keeping. */
  static void ended(List<String> args, int status) {
    String classes = System.getProperty(CLASSES);
    boolean answered =
        status == 0 && args.contains("sql") && args.stream().noneMatch(ColdStart::asksForHelp);
    if (classes == null || !answered) {
      return;
    }
    try {
      Files.createFile(Path.of(classes + ".ok"));
    } catch (IOException e) {
      // The next start is as slow as this one.
    }
  }

  private static boolean asksForHelp(String word) {
    return word.equals("-h") || word.equals("--help");
  }

  /**
   * Unpacks DuckDB's native library. Arguments: DuckDB's jar, and the folder to make, which gets
   * the jar without libraries and this platform's library beside it, where DuckDB looks for it. The
   * folder appears complete, or empty if the library cannot be used there.
   */
  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path parent = target.toAbsolutePath().getParent();
    Path made = Files.createTempDirectory(parent, "unpacking");
    try {
      String library = LIBRARY + system() + "_" + processor();
      unpack(jar, library, made);
      if (!loads(made.resolve(library))) {
        Folders.delete(made);
        Files.createDirectories(made);
      }
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Folders.delete(made); // such as when another start was quicker
    }
  }

  private static String system() {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return "windows";
    }
    return name.startsWith("mac") ? "macos" : "linux";
  }

  private static String processor() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return name.equals("aarch64") || name.equals("arm64") ? "arm64" : "amd64";
  }

  private static void unpack(Path jar, String library, Path folder) throws IOException {
    try (JarFile from = new JarFile(jar.toFile());
        OutputStream out = Files.newOutputStream(folder.resolve(jar.getFileName()));
        JarOutputStream to = new JarOutputStream(out, from.getManifest())) {
      Enumeration<JarEntry> entries = from.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        if (name.startsWith(LIBRARY) || name.equals(JarFile.MANIFEST_NAME)) {
          continue;
        }
        to.putNextEntry(new JarEntry(name));
        try (InputStream content = from.getInputStream(entry)) {
          content.transferTo(to);
        }
      }
    }
    try (JarFile from = new JarFile(jar.toFile())) {
      JarEntry entry = from.getJarEntry(library);
      if (entry != null) {
        try (InputStream content = from.getInputStream(entry)) {
          Files.copy(content, folder.resolve(library));
        }
      }
    }
    force(folder.resolve(jar.getFileName()));
    force(folder.resolve(library));
  }

  /** On disk before it gets its name: after a power failure nobody looks at the content. */
  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Not where the file system forbids to run what it holds. */
  private static boolean loads(Path library) {
    try {
      System.load(library.toString());
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }
}
