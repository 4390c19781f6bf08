package io.watershed.cli;

import io.watershed.core.config.ConfigLoader;
import io.watershed.core.config.StreamFolder;
import io.watershed.core.config.WatershedConfig;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What every command gets: the global options, where to print, and the process's surroundings, so
 * that a test can give others.
 *
 * @param options the global options
 * @param console where to print
 * @param input standard input
 * @param environment environment variables
 * @param folder the working folder
 * @param clock the time
 * @param shutdown tells of Ctrl-C
 */
public record CommandContext(
    GlobalOptions options,
    Console console,
    InputStream input,
    Map<String, String> environment,
    Path folder,
    Clock clock,
    Shutdown shutdown) {
  /** The name of the configuration file when nobody gives one. */
  static final String CONFIG_FILE = "watershed.yaml";

  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private static final List<String> CONFIG_FILES =
      List.of(CONFIG_FILE, "watershed.yml", "watershed.json");

  /** The same with another console. */
  public CommandContext with(Console other) {
    return new CommandContext(options, other, input, environment, folder, clock, shutdown);
  }

  /** Where the configuration is, or would be. */
  Path configFile() {
    if (options.config != null) {
      return folder.resolve(options.config);
    }
    String variable = environment.get("WATERSHED_CONFIG");
    if (variable != null && !variable.isBlank()) {
      return folder.resolve(variable);
    }
    return CONFIG_FILES.stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElse(folder.resolve(CONFIG_FILE));
  }

  /** What reads it. */
  ConfigLoader loader() {
    return new ConfigLoader(
        options.overrides(),
        Optional.ofNullable(options.streamConfig)
            .map(streams -> new StreamFolder(folder.resolve(streams))));
  }

  /** The configuration; it must be there. */
  WatershedConfig config() {
    return loader().load(configFile());
  }

  /** The configuration if there is one, else what holds without. */
  WatershedConfig configOrDefaults() {
    Path file = configFile();
    boolean named = options.config != null || environment.containsKey("WATERSHED_CONFIG");
    return named || Files.exists(file) ? config() : loader().defaults(folder.toAbsolutePath());
  }

  /** How the user started this, for commands that they can copy. */
  public String launcher() {
    String variable = environment.getOrDefault("WATERSHED_LAUNCHER", "watershed");
    if (!variable.contains("/")) {
      return variable;
    }
    String relative = relative(Path.of(variable));
    return relative.contains("/") ? relative : "./" + relative;
  }

  /**
   * A command that somebody can copy, as they started this one: with the same launcher,
   * configuration and endpoint.
   *
   * @param words the command and its arguments; each is quoted where a shell needs it
   */
  public String again(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    add(all, "--config", options.config);
    add(all, "--stream-config", options.streamConfig);
    add(all, "--profile", options.profile);
    add(all, "--region", options.region);
    add(all, "--endpoint-url", options.endpointUrl);
    return launcher()
        + " "
        + all.stream().map(CommandContext::quoted).collect(Collectors.joining(" "));
  }

  private static void add(List<String> words, String option, @Nullable Object value) {
    if (value != null) {
      words.add(option);
      words.add(value.toString());
    }
  }

  private static String quoted(String word) {
    return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The path as it is shortest from the working folder. */
  public String relative(Path path) {
    Path here = folder.toAbsolutePath().normalize();
    Path there = path.toAbsolutePath().normalize();
    return there.startsWith(here) ? here.relativize(there).toString() : there.toString();
  }
}
