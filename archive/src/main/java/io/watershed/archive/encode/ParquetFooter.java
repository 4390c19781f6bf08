package io.watershed.archive.encode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/**
 * A Parquet file's footer: Thrift metadata, its length in 4 bytes little endian, and {@code PAR1}
 * (<a href="https://parquet.apache.org/docs/file-format/">the format</a>). All offsets in it point
 * backwards, so it can be replaced by a longer one at the same place.
 */
public final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

  private final FileMetaData metadata;
  private final long offset;

  private ParquetFooter(FileMetaData metadata, long offset) {
    this.metadata = metadata;
    this.offset = offset;
  }

  /**
   * Reads the footer.
   *
   * @throws IOException if it cannot be read, or is none
   */
  public static ParquetFooter read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long end = channel.size() - TAIL_BYTES;
      if (end < MAGIC.length) {
        throw new IOException(file + " is too short for a Parquet file");
      }
      ByteBuffer tail =
          ByteBuffer.wrap(readFully(channel, end, TAIL_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      int length = tail.getInt();
      byte[] magic = new byte[MAGIC.length];
      tail.get(magic);
      if (!Arrays.equals(magic, MAGIC) || length <= 0 || length > end - MAGIC.length) {
        throw new IOException(file + " has no Parquet footer");
      }
      byte[] thrift = readFully(channel, end - length, length);
      return new ParquetFooter(
          Util.readFileMetaData(new ByteArrayInputStream(thrift)), end - length);
    }
  }

  /** The names of every column and struct member, each from the top; groups included. */
  public Set<List<String>> columnPaths() {
    Set<List<String>> paths = new HashSet<>();
    Iterator<SchemaElement> elements = metadata.getSchema().iterator();
    addChildren(elements, elements.next().getNum_children(), List.of(), paths);
    return paths;
  }

  /** The schema is a tree, written depth first; each element says how many children follow. */
  private static void addChildren(
      Iterator<SchemaElement> elements, int count, List<String> above, Set<List<String>> paths) {
    for (int i = 0; i < count; i++) {
      SchemaElement element = elements.next();
      List<String> path = new ArrayList<>(above);
      path.add(element.getName());
      paths.add(List.copyOf(path));
      addChildren(elements, element.getNum_children(), path, paths);
    }
  }

  /** Rows in the file. */
  long rows() {
    return metadata.getNum_rows();
  }

  /** Adds a key and its value. */
  void put(String key, String value) {
    metadata.addToKey_value_metadata(new KeyValue(key).setValue(value));
  }

  /** Writes this footer in place of the file's own. Not atomic: for a file that nobody sees yet. */
  void write(Path file) throws IOException {
    ByteArrayOutputStream thrift = new ByteArrayOutputStream();
    Util.writeFileMetaData(metadata, thrift);
    ByteBuffer bytes =
        ByteBuffer.allocate(thrift.size() + TAIL_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(thrift.toByteArray())
            .putInt(thrift.size())
            .put(MAGIC)
            .flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(offset);
      channel.position(offset);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static byte[] readFully(FileChannel channel, long from, int length) throws IOException {
    byte[] read = new byte[length];
    ByteBuffer bytes = ByteBuffer.wrap(read);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("the file ends within its footer");
      }
    }
    return read;
  }
}
