package io.watershed.drill.read;

import io.watershed.reservoir.store.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A stored object by ranged reads: one request for each large read, small ones from a buffer. */
final class RangeStream extends InputStream {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_REQUEST_BYTES = 8 << 20;

  private final ObjectStore store;
  private final String key;
  private final long sizeBytes;
  private long position;
  private byte[] buffer = {};
  private long bufferStart;

  RangeStream(ObjectStore store, String key, long sizeBytes) {
    this.store = store;
    this.key = key;
    this.sizeBytes = sizeBytes;
  }

  long position() {
    return position;
  }

  void seek(long to) {
    position = to;
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
    if (position >= sizeBytes) {
      return -1;
    }
    boolean buffered = position >= bufferStart && position < bufferStart + buffer.length;
    if (!buffered) {
      long wanted = Math.min(Math.max(length, BUFFER_BYTES), MAX_REQUEST_BYTES);
      int request = (int) Math.min(wanted, sizeBytes - position);
      buffer = store.getRange(key, position, request);
      bufferStart = position;
      if (buffer.length == 0) {
        throw new EOFException(key + " ends before byte " + sizeBytes);
      }
    }
    int from = (int) (position - bufferStart);
    int read = Math.min(length, buffer.length - from);
    System.arraycopy(buffer, from, target, offset, read);
    position += read;
    return read;
  }
}
