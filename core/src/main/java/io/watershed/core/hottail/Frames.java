package io.watershed.core.hottail;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * The frames of both directions. Each side first sends "WSHT" and its version, then frames: kind (1
 * byte), length of the body (4 bytes, big-endian), CRC-32C of kind and body (4 bytes), body. A
 * length is checked before anything is allocated.
 */
final class Frames {
  /** Raised with every change of what a frame holds; other versions are not spoken. */
  static final int VERSION = 1;

  /** The largest body: a record of 10 MiB, its key and some room. */
  static final int MAX_BODY_BYTES = 12 << 20;

  /** "WSHT". */
  private static final int MAGIC = 0x57534854;

  private Frames() {}

  /** What a frame says. */
  enum Kind {
    /** Statement: {@link HotQuestion}. */
    QUESTION(1),
    /** Archiver: it has nothing for this statement, and why. The last frame. */
    REFUSED(2),
    /** Archiver: the incarnation of all that follows. */
    INCARNATION(3),
    /** Archiver: a shard begins: id, low, high, drained. */
    SHARD(4),
    /** Archiver: some of the shard's records. */
    RECORDS(5),
    /** Archiver: the shard is complete: number of its records. */
    SHARD_END(6),
    /** Archiver: what came of this shard must not be used. */
    SHARD_WITHDRAWN(7),
    /** Archiver: number of complete shards. The last frame. */
    END(8);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("a frame of kind " + code + " is not known");
    }
  }

  /** One frame. */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Frame(Kind kind, byte[] body) {}

  static void writeHello(OutputStream out) throws IOException {
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(MAGIC);
    data.writeShort(VERSION);
    data.flush();
  }

  /**
   * Reads the other side's hello.
   *
   * @throws IOException if it is none, or of another version
   */
  static void readHello(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int magic = data.readInt();
    if (magic != MAGIC) {
      throw new IOException("this is no hot tail");
    }
    int version = data.readUnsignedShort();
    if (version != VERSION) {
      throw new IOException("the hot tail speaks version " + version + ", not " + VERSION);
    }
  }

  static void write(OutputStream out, Kind kind, byte[] body) throws IOException {
    if (body.length > MAX_BODY_BYTES) {
      throw new IOException("a frame of " + body.length + " bytes is too large");
    }
    DataOutputStream data = new DataOutputStream(out);
    data.writeByte(kind.code);
    data.writeInt(body.length);
    data.writeInt(checksum(kind.code, body));
    data.write(body);
    data.flush();
  }

  /**
   * Reads one frame.
   *
   * @param maxBytes the longest body that is accepted
   * @throws IOException if it is cut off, too long, changed on its way, or of an unknown kind
   */
  static Frame read(InputStream in, int maxBytes) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int kind = data.readUnsignedByte();
    int length = data.readInt();
    int checksum = data.readInt();
    if (length < 0 || length > maxBytes) {
      throw new IOException("a frame of " + length + " bytes is refused");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("a frame is cut off");
    }
    if (checksum != checksum(kind, body)) {
      throw new IOException("a frame is damaged");
    }
    return new Frame(Kind.of(kind), body);
  }

  private static int checksum(int kind, byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(kind);
    crc.update(body, 0, body.length);
    return (int) crc.getValue();
  }
}
