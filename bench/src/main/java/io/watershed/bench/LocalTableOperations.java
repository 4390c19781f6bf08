package io.watershed.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A table in a folder as plain Iceberg reads and writes it, with none of our rules: for references,
 * and to lay down in seconds what took years. One writer, one thread.
 */
final class LocalTableOperations implements TableOperations {
  private final Path folder;
  private @Nullable TableMetadata current;
  private int version;

  /**
   * @param folder the table's own
   */
  LocalTableOperations(Path folder) {
    this.folder = folder;
  }

  @Override
  public TableMetadata current() {
    TableMetadata known = current;
    return known == null ? refresh() : known;
  }

  @Override
  public TableMetadata refresh() {
    try {
      int hint = Integer.parseInt(Files.readString(hint()).strip());
      TableMetadata known = current;
      if (known == null || hint != version) {
        known =
            TableMetadataParser.fromJson(
                metadata(hint).toString(), Files.readString(metadata(hint)));
        current = known;
        version = hint;
      }
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void commit(TableMetadata base, TableMetadata changed) {
    if (base == changed) {
      return;
    }
    try {
      Files.writeString(metadata(version + 1), TableMetadataParser.toJson(changed));
      Files.write(hint(), Integer.toString(version + 1).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TableMetadata unused = refresh();
  }

  private Path metadata(int number) {
    return folder.resolve("metadata").resolve("v" + number + ".metadata.json");
  }

  private Path hint() {
    return folder.resolve("metadata").resolve("version-hint.text");
  }

  @Override
  public FileIO io() {
    return new LocalFiles();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return current().location() + "/metadata/" + fileName;
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(current().location(), current().properties());
  }

  @SuppressWarnings("serial") // never leaves its process
  private static final class LocalFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private static Path path(String location) {
      return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    }

    @Override
    public InputFile newInputFile(String location) {
      return org.apache.iceberg.Files.localInput(path(location).toFile());
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return new Located(location, org.apache.iceberg.Files.localOutput(path(location).toFile()));
    }

    @Override
    public void deleteFile(String location) {
      try {
        Files.deleteIfExists(path(location));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Iceberg's local file says its path, metadata holds its location. */
  private record Located(String location, OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return file.create();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return file.createOrOverwrite();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }
}
