package io.watershed.cluster;

import io.watershed.cluster.ClusterResource.Source;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster installs: Drill with our plugin, Hive's storage handler, the configuration, and
 * the script that installs them. Each is named by its content, so that to upload twice is to upload
 * once, and a launch knows what it needs.
 *
 * @param drill the archive with Drill
 * @param hive the jar of the storage handler; empty if EMR's own connector is used
 * @param configuration streams and reservoir, without anything of the server
 * @param bootstrap the script
 */
public record ClusterResources(
    ClusterResource drill,
    Optional<ClusterResource> hive,
    ClusterResource configuration,
    ClusterResource bootstrap) {
  /** Where each node has the configuration. */
  public static final String CONFIG_ON_NODES = "/opt/watershed-drill/conf/watershed.json";

  /** Where each node has the storage handler. */
  public static final String HIVE_JAR_ON_NODES = "/opt/watershed-hive/watershed-hive.jar";

  private static final int DIGEST_CHARS = 16;

  /**
   * Reads archive and jar once, for their digests.
   *
   * @param archive {@code watershed-drill-<version>.tar.gz}
   * @param hiveJar {@code watershed-hive-<version>-all.jar}; empty without our handler
   * @param configuration what Drill's plugin and Hive's handler read, as JSON
   * @throws WatershedException {@code config} without a place for resources; {@code not-found}
   *     without the archive or the jar
   */
  public static ClusterResources of(
      ClusterSettings settings, Path archive, Optional<Path> hiveJar, String configuration) {
    URI place = place(settings);
    ClusterResource drill =
        file(place, archive, "Drill", "watershed-drill-", ".tar.gz", "--drill-archive");
    Optional<ClusterResource> hive =
        hiveJar.map(
            jar -> file(place, jar, "storage handler", "watershed-hive-", ".jar", "--hive-jar"));
    ClusterResource config = text(place, "configuration", "watershed-", ".json", configuration);
    ClusterResource bootstrap =
        text(
            place,
            "bootstrap script",
            "install-drill-",
            ".sh",
            BootstrapScript.of(
                settings, drill.uri(), hive.map(ClusterResource::uri), config.uri()));
    return new ClusterResources(drill, hive, config, bootstrap);
  }

  /**
   * Where resources are.
   *
   * @throws WatershedException {@code config} if nobody said
   */
  public static URI place(ClusterSettings settings) {
    return settings
        .resources()
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.CONFIG,
                    "nothing says where the cluster's files are uploaded to",
                    "Add 'resources: s3://bucket/prefix' to the part 'cluster' of the"
                        + " configuration."));
  }

  /** All, in the order of uploading: the script, which names the others, comes last. */
  public List<ClusterResource> all() {
    List<ClusterResource> all = new ArrayList<>(List.of(drill));
    hive.ifPresent(all::add);
    all.add(configuration);
    all.add(bootstrap);
    return all;
  }

  /** Whether the store has it, whole. */
  public static boolean isUploaded(ClusterResource resource, ObjectStore store) {
    Optional<ObjectInfo> there = store.stat(resource.key());
    return there.filter(info -> info.sizeBytes() == resource.sizeBytes()).isPresent();
  }

  /** Uploads it. */
  public static void upload(ClusterResource resource, ObjectStore store) {
    if (resource.source() instanceof Source.LocalFile file) {
      store.upload(resource.key(), file.path());
    } else if (resource.source() instanceof Source.Text text) {
      store.put(resource.key(), text.text().getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Makes sure that everything is there.
   *
   * @throws WatershedException {@code not-found} for what is missing
   */
  public void requireUploaded(ObjectStore store) {
    for (ClusterResource resource : all()) {
      if (!isUploaded(resource, store)) {
        throw new WatershedException(
            ErrorCode.NOT_FOUND,
            "the cluster's " + resource.what() + " is not at " + resource.uri(),
            "Upload it first with 'watershed cluster upload-resources'.");
      }
    }
  }

  private static ClusterResource file(
      URI place, Path file, String what, String prefix, String suffix, String option) {
    try (InputStream in = Files.newInputStream(file)) {
      String key = prefix + shortened(FileDigest.of(in)) + suffix;
      return new ClusterResource(
          what, key, below(place, key), new Source.LocalFile(file), Files.size(file));
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.NOT_FOUND,
          "the cluster's " + what + " cannot be read: " + file,
          "Build it with './mvnw -DskipTests package', or name it with " + option + ".",
          e);
    }
  }

  private static ClusterResource text(
      URI place, String what, String prefix, String suffix, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MessageDigest digest = FileDigest.sha256();
    digest.update(bytes);
    String key = prefix + shortened(FileDigest.text(digest)) + suffix;
    return new ClusterResource(what, key, below(place, key), new Source.Text(text), bytes.length);
  }

  private static URI below(URI place, String key) {
    return URI.create(place + "/" + key);
  }

  private static String shortened(String digest) {
    return digest.substring(0, DIGEST_CHARS);
  }
}
