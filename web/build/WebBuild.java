import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the web UI with the machine's Node and npm; Maven runs it in the folder {@code web}. Does
 * nothing when neither the sources nor the lock file changed since the last build. Argument {@code
 * false}: leaves the jar without the UI.
 */
final class WebBuild {
  private static final int[] OLDEST_NODE = {20, 19};
  private static final Path OUTPUT = Path.of("target/classes/io/watershed/web");
  private static final Path BUILT = Path.of("target/web-ui.sha256");
  private static final Path INSTALLED = Path.of("node_modules/.watershed-lock.sha256");
  private static final Path LOCK = Path.of("package-lock.json");
  private static final long TIMEOUT_MINUTES = 15;

  private WebBuild() {}

  public static void main(String[] args) throws Exception {
    try {
      if (args.length > 0 && args[0].equals("false")) {
        remove(OUTPUT);
        Files.deleteIfExists(BUILT);
      } else {
        build();
      }
    } catch (Failure e) {
      System.err.println("error[web]: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void build() throws Exception {
    String sources = digestOf(sources());
    if (sources.equals(read(BUILT)) && Files.exists(OUTPUT.resolve("index.html"))) {
      return;
    }
    checkNode();
    String lock = digestOf(List.of(LOCK));
    if (!lock.equals(read(INSTALLED))) {
      run("npm ci", command("npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error");
      Files.writeString(INSTALLED, lock);
    }
    run("npm test", command("npm"), "run", "--silent", "test");
    run("npm run build", command("npm"), "run", "--silent", "build");
    Files.writeString(BUILT, sources);
  }

  private static void checkNode() throws IOException, InterruptedException {
    String version;
    try {
      version = output("node", "--version");
      output(command("npm"), "--version");
    } catch (IOException e) {
      throw new Failure("There is no Node.js with npm on the PATH, which builds the web UI", e);
    }
    Matcher number = Pattern.compile("v(\\d+)\\.(\\d+)").matcher(version);
    if (!number.find()) {
      throw new Failure("'node --version' says '" + version.strip() + "', which is no version", null);
    }
    int major = Integer.parseInt(number.group(1));
    int minor = Integer.parseInt(number.group(2));
    if (major < OLDEST_NODE[0] || (major == OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
      throw new Failure("Node.js " + version.strip() + " is too old to build the web UI", null);
    }
  }

  private static String command(String name) {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows")
        ? name + ".cmd"
        : name;
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  /** What it prints is shown only when it fails. */
  private static void run(String what, String... command) throws Exception {
    File log = File.createTempFile("watershed-web", ".log");
    try {
      Process process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      if (!ended || process.exitValue() != 0) {
        System.err.print(Files.readString(log.toPath()));
        String how = ended ? "failed" : "took more than " + TIMEOUT_MINUTES + " minutes";
        throw new Failure("'" + what + "' " + how + " in " + Path.of("").toAbsolutePath(), null);
      }
    } finally {
      Files.deleteIfExists(log.toPath());
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String root : List.of("src", "public")) {
      try (Stream<Path> found = Files.walk(Path.of(root))) {
        found.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    for (String name : List.of("index.html", "package.json", "tsconfig.json", "vite.config.ts")) {
      files.add(Path.of(name));
    }
    files.add(LOCK);
    files.sort(Comparator.comparing(Path::toString));
    return files;
  }

  private static String digestOf(List<Path> files) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : files) {
      digest.update((file + "\0" + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Failure extends RuntimeException {
    Failure(String what, Throwable cause) {
      super(
          what
              + ".\nhint: install Node.js "
              + OLDEST_NODE[0]
              + "."
              + OLDEST_NODE[1]
              + " or newer with npm, or build without the UI: -Dwatershed.web=false",
          cause);
    }
  }
}
