package io.watershed.hive;

import io.watershed.reservoir.store.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * An object of the reservoir as Parquet's reader wants a file.
 *
 * @param store where it is
 * @param key its name
 * @param sizeBytes its size
 */
record StoredFile(ObjectStore store, String key, long sizeBytes) implements InputFile {
  /** Small reads, of headers and footers, come by this much. */
  private static final int AHEAD_BYTES = 256 << 10;

  @Override
  public long getLength() {
    return sizeBytes;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Ranges(new Window(store, key, sizeBytes));
  }

  /** Parquet asks for whole column chunks: each is one request. */
  private static final class Ranges extends DelegatingSeekableInputStream {
    private final Window window;

    Ranges(Window window) {
      super(window);
      this.window = window;
    }

    @Override
    public long getPos() {
      return window.position;
    }

    @Override
    public void seek(long position) {
      window.position = position;
    }
  }

  /** Bytes of the object, a piece of which is in memory. */
  private static final class Window extends java.io.InputStream {
    private final ObjectStore store;
    private final String key;
    private final long size;
    private long position;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long pieceStart;

    Window(ObjectStore store, String key, long size) {
      this.store = store;
      this.key = key;
      this.size = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position >= size) {
        return -1;
      }
      if (position < pieceStart || position >= pieceStart + piece.limit()) {
        fetch(length);
      }
      int from = (int) (position - pieceStart);
      int count = Math.min(length, piece.limit() - from);
      piece.get(from, target, offset, count);
      position += count;
      return count;
    }

    private void fetch(int length) throws IOException {
      int wanted = (int) Math.min(size - position, Math.max(length, AHEAD_BYTES));
      byte[] bytes = store.getRange(key, position, wanted);
      if (bytes.length == 0) {
        throw new EOFException(key + " ends at " + position + ", before its " + size + " bytes");
      }
      piece = ByteBuffer.wrap(bytes);
      pieceStart = position;
    }
  }
}
