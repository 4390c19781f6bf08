package io.watershed.query.worker;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/** One message between parent and child: a type, a length, a body. */
final class Frame {
  private final Type type;
  private final byte[] body;

  private Frame(Type type, byte[] body) {
    this.type = type;
    this.body = body;
  }

  /** The kinds of message. */
  enum Type {
    /** parent: run this; a {@link StatementOrder} */
    STATEMENT('S'),
    /** parent: end the running statement */
    CANCEL('X'),
    /** child: started, waiting for a statement */
    READY('R'),
    /** child: the columns of the result */
    COLUMNS('C'),
    /** child: some rows of the result */
    ROWS('D'),
    /** child: how much is done, a double from 0 to 1, negative if unknown */
    PROGRESS('P'),
    /** child: complete; the number of rows */
    DONE('E'),
    /** child: the statement failed; code, message, hint */
    FAILED('F');

    private final char code;

    Type(char code) {
      this.code = code;
    }

    static Type of(int code) throws IOException {
      for (Type type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      throw new IOException("no frame starts with " + code);
    }
  }

  /** Not synchronized: one writer at a time. */
  static void write(DataOutputStream out, Type type, byte[] body, int length) throws IOException {
    out.writeByte(type.code);
    out.writeInt(length);
    out.write(body, 0, length);
    out.flush();
  }

  /**
   * The next frame.
   *
   * @param maxBytes a longer body is an error: the other end is broken
   * @throws EOFException if the other end is gone
   */
  static Frame read(DataInputStream in, int maxBytes) throws IOException {
    Type type = Type.of(in.readUnsignedByte());
    int length = in.readInt();
    if (length < 0 || length > maxBytes) {
      throw new IOException("a frame " + type + " of " + length + " bytes");
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    return new Frame(type, body);
  }

  Type type() {
    return type;
  }

  /** What its type says. */
  DataInputStream content() {
    return new DataInputStream(new ByteArrayInputStream(body));
  }
}
