package io.watershed.core.hottail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Streams over a channel in blocking mode that move {@value #CHUNK_BYTES} bytes at a time. The
 * JDK's own would keep native memory as large as the largest array, for every thread.
 */
public final class ChannelStreams {
  private static final int CHUNK_BYTES = 64 << 10;

  private ChannelStreams() {}

  /** Reads from the channel; not thread-safe. */
  public static InputStream input(ReadableByteChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES).limit(0);
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (!fill()) {
          return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
      }

      private boolean fill() throws IOException {
        while (!buffer.hasRemaining()) {
          buffer.clear();
          int count = channel.read(buffer);
          buffer.flip();
          if (count < 0) {
            return false;
          }
        }
        return true;
      }
    };
  }

  /** Writes to the channel, when it is flushed or enough has come; not thread-safe. */
  public static OutputStream output(WritableByteChannel channel) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        if (!buffer.hasRemaining()) {
          flush();
        }
        buffer.put((byte) one);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        int from = offset;
        while (from < offset + length) {
          if (!buffer.hasRemaining()) {
            flush();
          }
          int count = Math.min(offset + length - from, buffer.remaining());
          buffer.put(source, from, count);
          from += count;
        }
      }

      @Override
      public void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
          int unused = channel.write(buffer);
        }
        buffer.clear();
      }
    };
  }
}
