package io.watershed.query.view;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.Part;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.DataFileLayout;
import io.watershed.reservoir.table.DataFileLayout.Chunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills one sparse file for one statement: {@link #plan}, then every piece (side by side), then
 * {@link #commit}. A column's chunk is fetched whole or not at all, so that a reader that goes
 * beyond what was asked for begins at a page header of zeros, which no reader takes for one. All
 * bytes of a local file are of one version of the object.
 */
final class Fill implements AutoCloseable {
  /** Ranges that are this close are fetched in one request. */
  private static final long GAP_BYTES = 32 << 10;

  private static final long MAX_REQUEST_BYTES = 8L << 20;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final ObjectStore store;
  private final LocalCopy copy;
  private final DataFileInfo file;
  private final List<ByteRange> written = new ArrayList<>();
  private List<ByteRange> present = List.of();
  private List<ByteRange> needed = List.of();
  private long fetched;
  private @Nullable SparseFile sparse;
  private String version = "";
  private volatile boolean replaced;

  Fill(ObjectStore store, LocalCopy copy) {
    this.store = store;
    this.copy = copy;
    this.file = copy.file();
  }

  Path path() {
    return sparse().path();
  }

  /** Whether the object is another one than that which the local copy is of. */
  boolean replaced() {
    return replaced;
  }

  private SparseFile sparse() {
    return Objects.requireNonNull(sparse);
  }

  private void open(String seen) throws IOException {
    version = seen;
    sparse = SparseFile.open(copy.path(seen), file);
    present = sparse.present();
  }

  long bytesNeeded() {
    return ByteRange.total(needed);
  }

  synchronized long bytesFetched() {
    return fetched;
  }

  /** Reads the footer, from the store if it is not there, and sees what the columns need. */
  void plan(Optional<Set<String>> columns) {
    try {
      Optional<String> seen = copy.version();
      if (seen.isPresent()) {
        open(seen.get());
      }
      DataFileLayout layout = DataFileLayout.read(file.key(), file.sizeBytes(), this::footerBytes);
      if (layout.rows() != file.rows()) {
        throw FileCache.broken(file, "has " + layout.rows() + " rows, not " + file.rows());
      }
      List<ByteRange> ranges = new ArrayList<>();
      ranges.add(new ByteRange(0, MAGIC.length));
      ranges.add(new ByteRange(layout.footerOffset(), file.sizeBytes()));
      for (Chunk chunk : layout.chunks()) {
        if (columns.isEmpty() || columns.get().contains(chunk.column())) {
          ranges.add(new ByteRange(chunk.offset(), chunk.offset() + chunk.length()));
        }
      }
      needed = ByteRange.merge(ranges, 0);
      if (!ByteRange.missing(List.of(new ByteRange(0, MAGIC.length)), present).isEmpty()) {
        write(0, MAGIC); // every Parquet file begins so: no request for that
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private byte[] footerBytes(long offset, int length) throws IOException {
    ByteRange range = new ByteRange(offset, offset + length);
    return ByteRange.missing(List.of(range), present).isEmpty()
        ? sparse().read(offset, length)
        : fetch(range);
  }

  /** What is left to do; each may run on a thread of its own. */
  List<Runnable> pieces() {
    List<ByteRange> there = new ArrayList<>(present);
    there.addAll(written);
    List<ByteRange> requests = ByteRange.merge(ByteRange.missing(needed, there), GAP_BYTES);
    return ByteRange.split(requests, MAX_REQUEST_BYTES).stream()
        .map(range -> (Runnable) () -> piece(range))
        .toList();
  }

  private void piece(ByteRange range) {
    try {
      fetch(range);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private byte[] fetch(ByteRange range) throws IOException {
    Part part = store.getPart(file.key(), range.start(), Math.toIntExact(range.length()));
    if (sparse == null) {
      copy.remember(part.version());
      open(part.version());
    } else if (!part.version().equals(version)) {
      replaced = true;
      copy.forget();
      throw FileCache.broken(file, "was replaced by another object while it was read");
    }
    byte[] bytes = part.bytes();
    if (bytes.length != range.length()) {
      throw FileCache.broken(file, "ends before byte " + range.end() + " of " + file.sizeBytes());
    }
    write(range.start(), bytes);
    synchronized (this) {
      fetched += bytes.length;
    }
    return bytes;
  }

  private void write(long offset, byte[] bytes) throws IOException {
    sparse().write(offset, bytes);
    synchronized (this) {
      written.add(new ByteRange(offset, offset + bytes.length));
    }
  }

  /** Makes what was fetched count. */
  void commit() {
    try {
      if (!written.isEmpty()) {
        sparse().commit(written);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private WatershedException failed(IOException e) {
    return new WatershedException(
        ErrorCode.STORE,
        "the data file "
            + file.key()
            + " cannot be kept in "
            + copy.folder()
            + ": "
            + e.getMessage(),
        "Check the folder's free space and permissions.",
        e);
  }

  @Override
  public void close() throws IOException {
    if (sparse != null) {
      sparse.close();
    }
  }
}
