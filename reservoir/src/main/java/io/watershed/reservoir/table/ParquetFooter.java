package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/**
 * Reads a Parquet file's footer without Hadoop: the last bytes are {@code <metadata> <its length, 4
 * bytes little endian> PAR1} (https://parquet.apache.org/docs/file-format/).
 */
final class ParquetFooter {
  private static final int TAIL_BYTES = 64 << 10;
  private static final int MAX_FOOTER_BYTES = 256 << 20;
  static final int TRAILER_BYTES = 8;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private ParquetFooter() {}

  static ParquetMetadata read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] footer = footer(file.toString(), channel.size(), (at, n) -> read(channel, at, n));
      return metadata(Util.readFileMetaData(new ByteArrayInputStream(footer)));
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /** The footer's key-value metadata only. */
  static Map<String, String> keyValues(ObjectStore store, String key, long sizeBytes) {
    try {
      byte[] footer = footer(key, sizeBytes, (at, length) -> store.getRange(key, at, length));
      FileMetaData thrift = Util.readFileMetaData(new ByteArrayInputStream(footer), true);
      return metadata(thrift).getFileMetaData().getKeyValueMetaData();
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  /** The footer's key-value metadata only. */
  static Map<String, String> keyValues(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] footer = footer(file.toString(), channel.size(), (at, n) -> read(channel, at, n));
      FileMetaData thrift = Util.readFileMetaData(new ByteArrayInputStream(footer), true);
      return metadata(thrift).getFileMetaData().getKeyValueMetaData();
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  private static ParquetMetadata metadata(FileMetaData thrift) throws IOException {
    if (!thrift.isSetRow_groups()) {
      thrift.setRow_groups(java.util.List.of());
    }
    return new ParquetMetadataConverter().fromParquetMetadata(thrift);
  }

  static byte[] footer(String name, long size, RangeReader reader) throws IOException {
    if (size < TRAILER_BYTES + MAGIC.length) {
      throw unreadable(name, null);
    }
    int tailLength = (int) Math.min(size, TAIL_BYTES);
    byte[] tail = reader.read(size - tailLength, tailLength);
    if (tail.length != tailLength || !endsWithMagic(tail)) {
      throw unreadable(name, null);
    }
    int footerLength =
        ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt(tailLength - TRAILER_BYTES);
    long start = size - TRAILER_BYTES - footerLength;
    if (footerLength <= 0 || footerLength > MAX_FOOTER_BYTES || start < MAGIC.length) {
      throw unreadable(name, null);
    }
    if (footerLength + TRAILER_BYTES <= tailLength) {
      int from = tailLength - TRAILER_BYTES - footerLength;
      return Arrays.copyOfRange(tail, from, from + footerLength);
    }
    byte[] footer = reader.read(start, footerLength);
    if (footer.length != footerLength) {
      throw unreadable(name, null);
    }
    return footer;
  }

  private static boolean endsWithMagic(byte[] tail) {
    return Arrays.equals(tail, tail.length - MAGIC.length, tail.length, MAGIC, 0, MAGIC.length);
  }

  private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
      // until the buffer is full or the file ends
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  static WatershedException unreadable(
      String name, @org.jspecify.annotations.Nullable Exception cause) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "'" + name + "' is not a whole Parquet file",
        "It was cut short or damaged; run 'watershed verify'.",
        cause);
  }

  interface RangeReader {
    byte[] read(long offset, int length) throws IOException;
  }
}
