package io.watershed.secondreader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Files of this machine for Iceberg, read only. */
final class LocalFiles implements FileIO {
  private static final long serialVersionUID = 1L;

  @Override
  public InputFile newInputFile(String location) {
    Path path = location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
    if (!Files.isRegularFile(path)) {
      throw new UncheckedIOException(new IOException("no file " + location));
    }
    return org.apache.iceberg.Files.localInput(path.toFile());
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new UnsupportedOperationException("a second reader writes nothing");
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("a second reader deletes nothing");
  }
}
