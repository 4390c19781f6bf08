package io.watershed.query.spool;

import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result in a file of bounded size, to be read from any row on, also while more rows come. One
 * thread writes; any number read. Closing it deletes the file; who is reading then reads on.
 */
public final class ResultSpool implements ResultSink, AutoCloseable {
  /** One in so many rows has its place remembered. */
  private static final int INDEX_EVERY = 1_000;

  private static final int BUFFER_BYTES = 64 << 10;

  private final Path file;
  private final long maxBytes;
  private final FileChannel out;
  private final Buffer buffer = new Buffer();
  private final DataOutputStream encoder = new DataOutputStream(buffer);
  private final List<Long> index = new ArrayList<>();
  private List<ResultColumn> columns = List.of();
  private long writtenRows;
  private long rows;
  private long bytes;
  private boolean full;

  /**
   * Opens a new file.
   *
   * @param file must not exist
   * @param maxBytes rows beyond it are refused with {@link Full}
   */
  public ResultSpool(Path file, long maxBytes) throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** No more rows are taken: the result is as large as it may be. */
  public static final class Full extends IOException {
    private static final long serialVersionUID = 1L;

    Full(long maxBytes) {
      super("the result is larger than " + maxBytes + " bytes");
    }
  }

  private static final class Buffer extends ByteArrayOutputStream {
    void setInt(int at, int value) {
      ByteBuffer.wrap(buf).putInt(at, value);
    }

    void cutTo(int length) {
      count = length;
    }

    ByteBuffer content() {
      return ByteBuffer.wrap(buf, 0, count);
    }
  }

  @Override
  public synchronized void begin(List<ResultColumn> all) {
    columns = List.copyOf(all);
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    int start = buffer.size();
    encoder.writeInt(0);
    for (Object value : values) {
      ValueCodec.write(encoder, value);
    }
    buffer.setInt(start, buffer.size() - start - Integer.BYTES);
    if (bytes + buffer.size() > maxBytes) {
      buffer.cutTo(start);
      flush();
      synchronized (this) {
        full = true;
      }
      throw new Full(maxBytes);
    }
    if (writtenRows % INDEX_EVERY == 0) {
      synchronized (this) {
        index.add(bytes + start);
      }
    }
    writtenRows++;
    if (buffer.size() >= BUFFER_BYTES) {
      flush();
    }
  }

  @Override
  public void end(QueryOutcome outcome) throws IOException {
    flush();
  }

  private void flush() throws IOException {
    ByteBuffer content = buffer.content();
    while (content.hasRemaining()) {
      int unused = out.write(content);
    }
    synchronized (this) {
      bytes += buffer.size();
      rows = writtenRows;
    }
    buffer.reset();
  }

  /** The columns; none before the statement has any. */
  public synchronized List<ResultColumn> columns() {
    return columns;
  }

  /** Rows that can be read. */
  public synchronized long rows() {
    return rows;
  }

  /** Bytes of the file. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Whether rows were refused. */
  public synchronized boolean isFull() {
    return full;
  }

  /**
   * Hands rows to a sink: {@code begin}, and {@code row} for each; {@code end} is the caller's.
   *
   * @param offset the first row, from 0
   * @param limit how many at most
   * @throws IOException what the sink throws, or if the file is gone
   */
  public void copy(long offset, long limit, ResultSink sink) throws IOException {
    List<ResultColumn> names;
    long last;
    long place;
    synchronized (this) {
      names = columns;
      last = Math.min(rows, limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + limit);
      place = offset < last ? index.get((int) (offset / INDEX_EVERY)) : 0;
    }
    sink.begin(names);
    if (offset >= last) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(place);
      InputStream stream = new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES);
      DataInputStream in = new DataInputStream(stream);
      @Nullable Object[] values = new @Nullable Object[names.size()];
      for (long row = offset / INDEX_EVERY * INDEX_EVERY; row < last; row++) {
        byte[] encoded = in.readNBytes(in.readInt());
        if (row >= offset) {
          decode(encoded, values);
          sink.row(values);
        }
      }
    }
  }

  private static void decode(byte[] encoded, @Nullable Object[] values) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
    for (int i = 0; i < values.length; i++) {
      values[i] = ValueCodec.read(in);
    }
    if (in.available() > 0) {
      throw new EOFException("a row has more bytes than values");
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
