package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file per stream: {@code orders.yaml} or {@code orders.json} holds what would stand below
 * {@code streams.orders}. Files with other endings are no streams.
 *
 * @param folder where they are
 */
public record StreamFolder(Path folder) {
  private static final int MAX_STREAMS = 10_000;
  private static final Pattern FILE = Pattern.compile("(.+)\\.(ya?ml|json)");

  /**
   * Adds the streams to a file's own.
   *
   * @throws WatershedException {@code config} for a stream that is there already, or a file that
   *     cannot be read
   */
  void addTo(ConfigNode.Mapping root) {
    if (root.members().getOrDefault("streams", new ConfigNode.Empty(1))
        instanceof ConfigNode.Empty) {
      root.members().put("streams", ConfigNode.Mapping.empty(1));
    }
    if (!(root.members().get("streams") instanceof ConfigNode.Mapping streams)) {
      return; // the loader says what is wrong
    }
    for (Path file : files()) {
      Matcher name = FILE.matcher(file.getFileName().toString());
      if (!name.matches()) {
        continue;
      }
      ConfigNode.Mapping stream = ConfigText.parse(file.toString(), ConfigLoader.read(file));
      if (streams.members().putIfAbsent(name.group(1), stream) != null) {
        throw new WatershedException(
            ErrorCode.CONFIG,
            file + ": the stream '" + name.group(1) + "' is configured twice",
            "Keep it in one place: this file, or 'streams' of the configuration file.");
      }
    }
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().limit(MAX_STREAMS).toList();
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the folder " + folder + " with streams cannot be read",
          "Name one with -s (--stream-config) that holds a file per stream, such as orders.yaml.",
          e);
    }
  }
}
