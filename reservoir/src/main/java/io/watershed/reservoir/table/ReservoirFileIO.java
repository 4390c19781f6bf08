package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg's view of a table's manifests and manifest lists. They are small (8 MB by Iceberg's
 * target), so each is read and written whole. Deletes nothing but those: Iceberg cleans up after a
 * commit that failed, and must never reach a metadata version or a data file.
 */
@SuppressWarnings("serial") // FileIO is Serializable for Spark; ours never leaves its process
final class ReservoirFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  private final transient TableFolder folder;
  private final long maxBytes;
  private volatile @Nullable String recordedLocation;

  ReservoirFileIO(TableFolder folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /** The location that the table's metadata names; differs from ours if the folder was copied. */
  void recordedLocation(String location) {
    recordedLocation = location;
  }

  String keyOf(String location) {
    return folder.keyOf(location, Optional.ofNullable(recordedLocation));
  }

  @Override
  public InputFile newInputFile(String path) {
    return new WholeObject(path);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new NewObject(path);
  }

  @Override
  public void deleteFile(String path) {
    String key = keyOf(path);
    if (!key.startsWith(folder.metadataKey("")) || !key.endsWith(".avro")) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          "Refused to delete '" + key + "': only manifests are deleted through Iceberg",
          "Report this: it is an error in watershed.");
    }
    folder.store().delete(key);
  }

  private final class WholeObject implements InputFile {
    private final String location;
    private byte @Nullable [] content;

    WholeObject(String location) {
      this.location = location;
    }

    private byte[] content() {
      byte[] bytes = content;
      if (bytes == null) {
        bytes =
            folder
                .store()
                .get(keyOf(location), maxBytes)
                .orElseThrow(() -> new NotFoundException("'%s' does not exist", location));
        content = bytes;
      }
      return bytes;
    }

    @Override
    public long getLength() {
      return content().length;
    }

    @Override
    public SeekableInputStream newStream() {
      return new BytesInput(content());
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public boolean exists() {
      return folder.store().stat(keyOf(location)).isPresent();
    }
  }

  private final class NewObject implements OutputFile {
    private final String location;

    NewObject(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      return new BytesOutput(location, this::publish);
    }

    /** Names are unique, so there is never anything to overwrite. */
    @Override
    public PositionOutputStream createOrOverwrite() {
      return create();
    }

    private void publish(byte[] content) {
      CreateOutcome outcome = folder.store().createIfAbsent(keyOf(location), content);
      if (outcome == CreateOutcome.EXISTS) {
        throw new AlreadyExistsException("'%s' exists already", location);
      }
      if (outcome == CreateOutcome.UNKNOWN) {
        throw new WatershedException(
            ErrorCode.STORE,
            "The store gave no definite answer when '" + location + "' was written",
            "Try again when the store is reachable.");
      }
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return newInputFile(location);
    }
  }

  private static final class BytesInput extends SeekableInputStream {
    private final byte[] bytes;
    private int position;

    BytesInput(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long newPosition) {
      position = Math.toIntExact(newPosition);
    }

    @Override
    public int available() {
      return bytes.length - position;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (position >= bytes.length) {
        return length == 0 ? 0 : -1;
      }
      int count = Math.min(length, bytes.length - position);
      System.arraycopy(bytes, position, target, offset, count);
      position += count;
      return count;
    }
  }

  private static final class BytesOutput extends PositionOutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final String location;
    private final Publisher publisher;
    private boolean closed;

    BytesOutput(String location, Publisher publisher) {
      this.location = location;
      this.publisher = publisher;
    }

    @Override
    public long getPos() {
      return bytes.size();
    }

    @Override
    public void write(int value) throws IOException {
      checkOpen();
      bytes.write(value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      checkOpen();
      bytes.write(source, offset, length);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        publisher.publish(bytes.toByteArray());
      }
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new IOException(location + " is closed");
      }
    }
  }

  private interface Publisher {
    void publish(byte[] content);
  }
}
