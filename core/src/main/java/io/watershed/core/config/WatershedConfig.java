package io.watershed.core.config;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A whole configuration, validated.
 *
 * @param file where it was read; empty if there was no file and defaults hold
 * @param reservoir the reservoir
 * @param streams in the order of the file
 * @param template what holds for a stream that the file does not name: its name and alias mean
 *     nothing; its archive settings are those of the process
 * @param live bounds of a live read
 * @param sql bounds of a statement
 * @param replay what replays may do
 * @param server how a server listens, and whom it answers
 * @param cluster the EMR cluster
 * @param engine what answers users' statements
 * @param drill the cluster of Apache Drill; empty if none is meant to be used
 * @param catalog the catalog that shows the archives, too; empty if none does
 */
public record WatershedConfig(
    Optional<Path> file,
    ReservoirConfig reservoir,
    List<StreamConfig> streams,
    StreamConfig template,
    LiveReadSettings live,
    SqlSettings sql,
    ReplayGuards replay,
    ServerSettings server,
    ClusterSettings cluster,
    Optional<CatalogSettings> catalog,
    SqlEngine engine,
    Optional<DrillSettings> drill) {

  public WatershedConfig {
    streams = List.copyOf(streams);
  }

  /** The stream with this alias, name or ARN, as the file describes it. */
  public Optional<StreamConfig> find(String aliasOrName) {
    return byAlias(aliasOrName)
        .or(() -> unique(aliasOrName, stream -> stream.nameOrArn().equals(aliasOrName)))
        .or(() -> unique(aliasOrName, stream -> stream.name().equals(aliasOrName)));
  }

  /**
   * The stream with this alias, name or ARN.
   *
   * @throws WatershedException {@code config} if the file does not name it
   */
  public StreamConfig stream(String aliasOrName) {
    return find(aliasOrName)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.CONFIG,
                    "The stream '" + aliasOrName + "' is not configured in " + where(),
                    Nearest.to(aliasOrName, streams.stream().map(StreamConfig::alias).toList())
                        .map(nearest -> "Did you mean '" + nearest + "'?")
                        .orElse("Add it under 'streams:'.")));
  }

  /** As {@link #find}; a stream that the file does not name has the defaults. */
  public StreamConfig streamOrDefault(String nameOrArn) {
    return find(nameOrArn).orElseGet(() -> template.named(nameOrArn));
  }

  /** All streams, or those with the given aliases or names. */
  public List<StreamConfig> select(List<String> aliases) {
    if (!aliases.isEmpty()) {
      return aliases.stream().distinct().map(this::stream).toList();
    }
    if (streams.isEmpty()) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "No streams are configured in " + where(),
          "Add them under 'streams:', or write a first file with 'watershed init'.");
    }
    return streams;
  }

  /** The file's name for messages. */
  public String where() {
    return file.map(Path::toString).orElse("(no watershed.yaml)");
  }

  private Optional<StreamConfig> byAlias(String alias) {
    return streams.stream().filter(stream -> stream.alias().equals(alias)).findFirst();
  }

  private Optional<StreamConfig> unique(String name, Predicate<StreamConfig> predicate) {
    List<StreamConfig> found = streams.stream().filter(predicate).toList();
    if (found.size() > 1) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "'" + name + "' names several streams in " + where(),
          "Use an alias: "
              + found.stream().map(StreamConfig::alias).collect(Collectors.joining(", ")));
    }
    return found.stream().findFirst();
  }
}
