package io.watershed.drill.read;

import io.watershed.reservoir.store.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.SeekableInputStream;

/** An object of the reservoir as Parquet's reader takes it. */
final class StoredInput implements InputFile {
  private final ObjectStore store;
  private final String key;
  private final long sizeBytes;
  private final Optional<Path> path;

  StoredInput(ObjectStore store, String key, long sizeBytes) {
    this.store = store;
    this.key = key;
    this.sizeBytes = sizeBytes;
    this.path = store.localPath(key);
  }

  @Override
  public long getLength() {
    return sizeBytes;
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    if (path.isPresent()) {
      return new LocalInputFile(path.get()).newStream();
    }
    RangeStream ranges = new RangeStream(store, key, sizeBytes);
    return new DelegatingSeekableInputStream(ranges) {
      @Override
      public long getPos() {
        return ranges.position();
      }

      @Override
      public void seek(long position) throws IOException {
        if (position < 0 || position > sizeBytes) {
          throw new EOFException(key + " has no byte " + position);
        }
        ranges.seek(position);
      }
    };
  }
}
