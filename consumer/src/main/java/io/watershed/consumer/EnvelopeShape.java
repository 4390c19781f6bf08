package io.watershed.consumer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which of the forms of an envelope a payload gets, and how its bytes are laid out. */
sealed interface EnvelopeShape {
  /** The whole envelope, in the form that this payload gets. */
  static byte[] write(EnvelopeForm form, EnvelopeHeader header, String sha256, byte[] payload) {
    Chosen chosen = choose(form, header, sha256, payload);
    return chosen.shape().layOut(chosen.headerBytes(), payload);
  }

  /** Size of {@link #write}'s result in bytes. */
  static long size(EnvelopeForm form, EnvelopeHeader header, byte[] payload) {
    Chosen chosen = choose(form, header, HeaderWriter.NO_DIGEST, payload);
    return (long) payload.length + chosen.headerBytes().length + chosen.shape().extraBytes();
  }

  /** A form and its header object. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Chosen(EnvelopeShape shape, byte[] headerBytes) {}

  /** The form depends on the header only where that would get too long. */
  private static Chosen choose(
      EnvelopeForm form, EnvelopeHeader header, String sha256, byte[] payload) {
    EnvelopeShape shape = form == EnvelopeForm.HEADER ? new Binary() : ofPayload(payload);
    Optional<byte[]> bytes = shape.header(header, sha256);
    if (bytes.isPresent()) {
      return new Chosen(shape, bytes.get());
    }
    EnvelopeShape binary = new Binary();
    return new Chosen(binary, binary.header(header, sha256).orElseThrow(EnvelopeShape::tooLong));
  }

  private static EnvelopeShape ofPayload(byte[] payload) {
    int brace = JsonObjects.openingBrace(payload);
    if (brace < 0) {
      return new Binary();
    }
    if (!JsonObjects.hasOurMember(payload, brace)) {
      String lead = new String(payload, 0, brace, StandardCharsets.UTF_8);
      return new Member(brace, lead, JsonObjects.isEmpty(payload, brace));
    }
    return enclosing(payload);
  }

  /** Two members of one name mean different things to different parsers: never write that. */
  private static EnvelopeShape enclosing(byte[] payload) {
    if (!Envelope.isReplayed(payload)) {
      return new Binary();
    }
    int start = EnvelopeFormat.MEMBER_PREFIX.length;
    int end = start + EnvelopeFormat.statedLength(payload, start);
    if (end >= payload.length) {
      return new Binary();
    }
    return HeaderReader.read(payload, start, end)
        .filter(inner -> inner.enclosed() < EnvelopeFormat.MAX_ENCLOSED)
        .<EnvelopeShape>map(inner -> new Enclosing(start, end, textOf(payload, start, end)))
        .orElseGet(Binary::new);
  }

  private static String textOf(byte[] payload, int start, int end) {
    return new String(payload, start, end - start, StandardCharsets.US_ASCII);
  }

  /** The header object's bytes; empty if they would be too many. */
  Optional<byte[]> header(EnvelopeHeader header, String sha256);

  /** Lays out the whole envelope. */
  byte[] layOut(byte[] headerBytes, byte[] payload);

  /** Bytes added to the payload besides the header object's. May be negative. */
  int extraBytes();

  private static IllegalArgumentException tooLong() {
    return new IllegalArgumentException(
        "an envelope header is at most " + EnvelopeFormat.MAX_HEADER_BYTES + " bytes");
  }

  /** Spliced into a JSON object as its first member. */
  record Member(int brace, String lead, boolean empty) implements EnvelopeShape {
    @Override
    public Optional<byte[]> header(EnvelopeHeader header, String sha256) {
      return HeaderWriter.write(header, sha256, lead, "");
    }

    @Override
    public int extraBytes() {
      return EnvelopeFormat.MEMBER_PREFIX.length - 1 - brace + (empty ? 0 : 1);
    }

    @Override
    public byte[] layOut(byte[] headerBytes, byte[] payload) {
      ByteBuffer out = ByteBuffer.allocate(payload.length + headerBytes.length + extraBytes());
      out.put(EnvelopeFormat.MEMBER_PREFIX).put(headerBytes);
      if (!empty) {
        out.put((byte) ',');
      }
      return out.put(payload, brace + 1, payload.length - brace - 1).array();
    }
  }

  /** In place of the member that a payload, an envelope itself, already has. */
  record Enclosing(int start, int end, String inner) implements EnvelopeShape {
    @Override
    public Optional<byte[]> header(EnvelopeHeader header, String sha256) {
      return HeaderWriter.write(header, sha256, "", inner);
    }

    @Override
    public int extraBytes() {
      return start - end;
    }

    @Override
    public byte[] layOut(byte[] headerBytes, byte[] payload) {
      ByteBuffer out = ByteBuffer.allocate(payload.length + headerBytes.length + extraBytes());
      out.put(EnvelopeFormat.MEMBER_PREFIX).put(headerBytes);
      return out.put(payload, end, payload.length - end).array();
    }
  }

  /** A binary header before the payload: for whatever is not a JSON object. */
  record Binary() implements EnvelopeShape {
    @Override
    public Optional<byte[]> header(EnvelopeHeader header, String sha256) {
      return HeaderWriter.write(header, sha256, "", "");
    }

    @Override
    public int extraBytes() {
      return EnvelopeFormat.BINARY_PREFIX_BYTES;
    }

    @Override
    public byte[] layOut(byte[] headerBytes, byte[] payload) {
      ByteBuffer out = ByteBuffer.allocate(payload.length + headerBytes.length + extraBytes());
      out.put(EnvelopeFormat.MAGIC).putInt(headerBytes.length).putInt(payload.length);
      return out.put(headerBytes).put(payload).array();
    }
  }
}
