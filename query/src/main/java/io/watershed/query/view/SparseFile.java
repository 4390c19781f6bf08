package io.watershed.query.view;

import io.watershed.reservoir.table.DataFileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Part of a data file on this machine: a file of the full length with holes, and beside it a record
 * of the ranges that are there. A range is recorded after its bytes are on the disk, in one line
 * with a checksum of its own; lines of several processes may mix, and a torn one counts for
 * nothing. The same bytes may be written twice: they never differ.
 */
final class SparseFile implements AutoCloseable {
  private static final String RECORD_SUFFIX = ".ranges";

  private final Path data;
  private final Path record;
  private final DataFileInfo file;
  private final FileChannel channel;

  private SparseFile(Path data, DataFileInfo file, FileChannel channel) {
    this.data = data;
    this.record = recordOf(data);
    this.file = file;
    this.channel = channel;
  }

  static SparseFile open(Path data, DataFileInfo file) throws IOException {
    Files.createDirectories(data.getParent());
    FileChannel channel =
        FileChannel.open(
            data,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE);
    if (channel.size() != file.sizeBytes()) {
      // New, or cut short by somebody: nothing that was recorded counts any more.
      Files.deleteIfExists(recordOf(data));
      channel.truncate(file.sizeBytes());
    }
    return new SparseFile(data, file, channel);
  }

  static Path recordOf(Path data) {
    return data.resolveSibling(data.getFileName() + RECORD_SUFFIX);
  }

  Path path() {
    return data;
  }

  DataFileInfo file() {
    return file;
  }

  /** Ranges that are there; none if the file has another size than the table says. */
  List<ByteRange> present() throws IOException {
    return channel.size() == file.sizeBytes() ? recorded(record) : List.of();
  }

  /** What a record says, which may be that of a file that is not open. */
  static List<ByteRange> recorded(Path record) throws IOException {
    String text;
    try {
      text = Files.readString(record, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<ByteRange> ranges = new ArrayList<>();
    text.lines().forEach(line -> parse(line).ifPresent(ranges::add));
    return ranges;
  }

  private static Optional<ByteRange> parse(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !checksum(parts[0] + " " + parts[1]).equals(parts[2])) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ByteRange(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  void write(long offset, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, offset + buffer.position());
    }
  }

  byte[] read(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
      // until the buffer is full or the file ends
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** Makes written ranges count, after they are on the disk. */
  void commit(List<ByteRange> ranges) throws IOException {
    channel.force(true);
    StringBuilder lines = new StringBuilder();
    for (ByteRange range : ByteRange.merge(ranges, 0)) {
      String text = range.start() + " " + range.end();
      lines.append('\n').append(text).append(' ').append(checksum(text)).append('\n');
    }
    Files.writeString(
        record,
        lines.toString(),
        StandardCharsets.ISO_8859_1,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
