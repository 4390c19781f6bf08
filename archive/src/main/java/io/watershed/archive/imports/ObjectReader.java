package io.watershed.archive.imports;

import com.github.luben.zstd.ZstdInputStream;
import io.watershed.reservoir.store.ObjectStore;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads the payloads of one object after the other, and digests its bytes. Not thread-safe. */
final class ObjectReader implements AutoCloseable {
  private static final int MAGIC_BYTES = 4;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final ObjectStore store;
  private final ImportFormat format;
  private final Optional<String> payloadColumn;
  private final Path scratch;
  private final ParquetPayloads parquet = new ParquetPayloads();

  ObjectReader(ObjectStore store, ImportRequest request, Path scratch) {
    this.store = store;
    this.format = request.format();
    this.payloadColumn = request.payloadColumn();
    this.scratch = scratch;
  }

  /**
   * Hands over every payload.
   *
   * @return the SHA-256 of the object's bytes, in hexadecimal
   * @throws IOException if the object is not what it should be, or cannot be read to its end
   */
  String read(SourceObject object, Payloads payloads) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream raw =
        new BufferedInputStream(
            new DigestInputStream(store.open(object.key()), sha), BUFFER_BYTES)) {
      byte[] magic = peek(raw);
      boolean isParquet = startsWith(magic, PARQUET);
      if (format == ImportFormat.PARQUET || (format == ImportFormat.AUTO && isParquet)) {
        readParquet(raw, payloads);
      } else {
        InputStream text = new BufferedInputStream(decompressed(raw, magic), BUFFER_BYTES);
        if (format == ImportFormat.JSON) {
          TextDocuments.json(text, payloads);
        } else {
          TextDocuments.lines(text, payloads);
        }
      }
      raw.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** The SHA-256 of the object's bytes, in hexadecimal. */
  String digest(SourceObject object) throws IOException {
    MessageDigest sha = sha256();
    try (InputStream raw = new DigestInputStream(store.open(object.key()), sha)) {
      raw.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  private void readParquet(InputStream raw, Payloads payloads) throws IOException {
    Path copy = Files.createTempFile(scratch, "source-", ".parquet");
    try {
      Files.copy(raw, copy, StandardCopyOption.REPLACE_EXISTING);
      parquet.read(copy, payloadColumn, payloads);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static InputStream decompressed(InputStream raw, byte[] magic) throws IOException {
    if (startsWith(magic, GZIP)) {
      return new GZIPInputStream(new Available(raw), BUFFER_BYTES);
    }
    return startsWith(magic, ZSTD) ? new ZstdInputStream(raw) : raw;
  }

  /**
   * A stream that never says that nothing is at hand: {@link GZIPInputStream} would take it for the
   * end, and leave out all but the first of several members.
   */
  private static final class Available extends FilterInputStream {
    Available(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }

  private static byte[] peek(InputStream raw) throws IOException {
    raw.mark(MAGIC_BYTES);
    byte[] magic = raw.readNBytes(MAGIC_BYTES);
    raw.reset();
    return magic;
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() {
    parquet.close();
  }
}
