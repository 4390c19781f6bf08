package io.watershed.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A replayed record: the original payload with a header that says where it came from ({@code
 * docs/envelope.md}). A JSON object carries the header as its first member, {@code _watershed}, and
 * is otherwise untouched; any other payload has a short binary header before it. {@link #unwrap}
 * gives back the original bytes exactly, and takes off one envelope at a time: the record of a
 * replayed replay has two.
 *
 * <p>Immutable; all methods are thread-safe. Byte arrays are not copied, so nobody changes them.
 */
public final class Envelope {
  /** An envelope is never more than this larger than what is in it, in bytes. */
  public static final int MAX_ADDED_BYTES =
      EnvelopeFormat.MAX_HEADER_BYTES + EnvelopeFormat.BINARY_PREFIX_BYTES;

  private final EnvelopeHeader header;
  private final String sha256;
  private final byte[] payload;

  private Envelope(EnvelopeHeader header, String sha256, byte[] payload) {
    this.header = header;
    this.sha256 = sha256;
    this.payload = payload;
  }

  /** {@link #wrap(EnvelopeForm, EnvelopeHeader, byte[])} with {@link EnvelopeForm#MEMBER}. */
  public static byte[] wrap(EnvelopeHeader header, byte[] payload) {
    return wrap(EnvelopeForm.MEMBER, header, payload);
  }

  /**
   * Puts a payload into an envelope; any bytes will do, another envelope too. The result has {@link
   * #wrappedSize} bytes, which may be more than a stream accepts.
   *
   * @throws IllegalArgumentException if the header itself (annotations, mostly) is longer than
   *     65,535 bytes
   */
  public static byte[] wrap(EnvelopeForm form, EnvelopeHeader header, byte[] payload) {
    return EnvelopeShape.write(form, header, sha256(payload), payload);
  }

  /** The exact size of {@link #wrap}'s result in bytes, without hashing or copying the payload. */
  public static long wrappedSize(EnvelopeForm form, EnvelopeHeader header, byte[] payload) {
    return EnvelopeShape.size(form, header, payload);
  }

  /**
   * Takes off the outermost envelope.
   *
   * @return empty if the bytes are not an envelope: a live record, or one that somebody rewrote
   */
  public static Optional<Envelope> unwrap(byte[] bytes) {
    if (!isReplayed(bytes)) {
      return Optional.empty();
    }
    return bytes[0] == '{' ? unwrapMember(bytes) : unwrapBinary(bytes);
  }

  /**
   * Whether the bytes begin like an envelope: true for every envelope, false at the price of a few
   * comparisons for nearly everything else. {@link #unwrap} has the last word.
   */
  public static boolean isReplayed(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    return bytes[0] == '{'
        ? EnvelopeFormat.hasAt(bytes, 0, EnvelopeFormat.MEMBER_PREFIX)
            && EnvelopeFormat.statedLength(bytes, EnvelopeFormat.MEMBER_PREFIX.length) > 0
        : EnvelopeFormat.hasAt(bytes, 0, EnvelopeFormat.MAGIC);
  }

  /** What the envelope says of the record. */
  public EnvelopeHeader header() {
    return header;
  }

  /** The original bytes, exactly. */
  public byte[] payload() {
    return payload;
  }

  /** The SHA-256 of the original bytes as the envelope states it, 64 hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  /**
   * Whether the original bytes have the stated digest. If not, somebody changed the payload and put
   * it again: then it is a record of its own, and no copy of its origin.
   */
  public boolean isIntact() {
    return sha256.equals(sha256(payload));
  }

  /** Names the origin only: payloads never reach a log. */
  @Override
  public String toString() {
    return "replay " + header.replayId() + " of " + header.origin();
  }

  /** The SHA-256 of these bytes, 64 lower-case hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Optional<Envelope> unwrapMember(byte[] bytes) {
    int start = EnvelopeFormat.MEMBER_PREFIX.length;
    int end = start + EnvelopeFormat.statedLength(bytes, start);
    if (end >= bytes.length) {
      return Optional.empty();
    }
    return HeaderReader.read(bytes, start, end)
        .map(p -> new Envelope(p.header(), p.sha256(), originalOf(p, bytes, end)));
  }

  /** The bytes that the member was spliced into. */
  private static byte[] originalOf(HeaderReader.Parsed parsed, byte[] bytes, int end) {
    if (!parsed.of().isEmpty()) {
      byte[] of = parsed.of().getBytes(StandardCharsets.US_ASCII);
      return concat(EnvelopeFormat.MEMBER_PREFIX, of, bytes, end);
    }
    byte[] lead = parsed.lead().getBytes(StandardCharsets.UTF_8);
    return concat(lead, new byte[] {'{'}, bytes, bytes[end] == ',' ? end + 1 : end);
  }

  private static Optional<Envelope> unwrapBinary(byte[] bytes) {
    if (bytes.length < EnvelopeFormat.BINARY_PREFIX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int headerBytes = buffer.getInt(8);
    int payloadBytes = buffer.getInt(12);
    long expected = (long) EnvelopeFormat.BINARY_PREFIX_BYTES + headerBytes + payloadBytes;
    if (headerBytes <= 0 || payloadBytes < 0 || expected != bytes.length) {
      return Optional.empty();
    }
    int start = EnvelopeFormat.BINARY_PREFIX_BYTES;
    byte[] nothing = {};
    return HeaderReader.read(bytes, start, start + headerBytes)
        .filter(p -> p.lead().isEmpty() && p.of().isEmpty())
        .map(
            p ->
                new Envelope(
                    p.header(), p.sha256(), concat(nothing, nothing, bytes, start + headerBytes)));
  }

  private static byte[] concat(byte[] first, byte[] second, byte[] tail, int tailFrom) {
    int tailBytes = tail.length - tailFrom;
    byte[] joined = new byte[first.length + second.length + tailBytes];
    System.arraycopy(first, 0, joined, 0, first.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    System.arraycopy(tail, tailFrom, joined, first.length + second.length, tailBytes);
    return joined;
  }
}
