package io.watershed.cli.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How far a put of one file into one stream got: beside the file, {@code <file>.<stream>.progress}.
 * All records up to the stated number are acknowledged; up to the records in flight beyond it may
 * be, too, and are put again by {@code --resume}.
 */
public final class PutProgressFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path data;
  private final Path file;

  /**
   * The progress of one file into one stream.
   *
   * @param data the file of records
   * @param stream the target
   */
  public PutProgressFile(Path data, String stream) {
    this.data = data.toAbsolutePath();
    this.file =
        this.data.resolveSibling(
            data.getFileName() + "." + stream.replaceAll("[^A-Za-z0-9_.-]", "_") + ".progress");
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /** Whether an earlier put was interrupted. */
  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * Records that are acknowledged, from the first on.
   *
   * @throws WatershedException {@code invalid-input} if the data file is not the one it was
   */
  public long read() throws IOException {
    if (!exists()) {
      return 0;
    }
    JsonNode node = JSON.readTree(Files.readAllBytes(file));
    if (node.path("size").asLong() != Files.size(data)
        || node.path("modified").asLong() != Files.getLastModifiedTime(data).toMillis()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          data + " changed since its put was interrupted",
          "Delete " + file + " to begin again from its first record.");
    }
    return node.path("acknowledged").asLong();
  }

  /** Notes the number; a crash in between leaves the earlier one. */
  public void write(long acknowledged) throws IOException {
    String text =
        JSON.createObjectNode()
            .put("size", Files.size(data))
            .put("modified", Files.getLastModifiedTime(data).toMillis())
            .put("acknowledged", acknowledged)
            .toString();
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The put is complete. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
