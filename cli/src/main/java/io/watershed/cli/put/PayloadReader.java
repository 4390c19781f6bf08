package io.watershed.cli.put;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream of bytes into payloads, exactly as they are written: the lines of a file (NDJSON or
 * anything else; empty lines are none), or the elements of a JSON array. Used by one thread.
 */
public final class PayloadReader implements AutoCloseable {
  /** The largest record that Kinesis can be told to accept: 10 MiB. */
  public static final int MAX_PAYLOAD_BYTES = 10 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final boolean array;
  private boolean first = true;
  private boolean ended;
  private long records;

  private PayloadReader(InputStream in, boolean array) {
    this.in = in;
    this.array = array;
  }

  /**
   * Reads lines, or the elements of an array if the first thing that is no space is a {@code [}.
   */
  public static PayloadReader open(InputStream in, Format format) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    boolean array =
        switch (format) {
          case LINES -> false;
          case ARRAY -> true;
          case AUTO -> beginsWithBracket(buffered);
        };
    return new PayloadReader(buffered, array);
  }

  /** How a file is cut. */
  public enum Format {
    /** An array if it begins like one, else lines. */
    AUTO,
    /** One payload a line, without its line end. */
    LINES,
    /** The elements of one JSON array. */
    ARRAY
  }

  /**
   * The next payload; empty at the end.
   *
   * @throws WatershedException {@code invalid-input} if the array is malformed, {@code limit} if a
   *     payload exceeds {@value #MAX_PAYLOAD_BYTES} bytes
   */
  public Optional<byte[]> next() throws IOException {
    Optional<byte[]> payload = array ? nextElement() : nextLine();
    if (payload.isPresent()) {
      records++;
    }
    return payload;
  }

  /** Payloads returned so far. */
  public long records() {
    return records;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Optional<byte[]> nextLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b == '\n' || b < 0) {
        byte[] payload = withoutCarriageReturn(line.toByteArray());
        line.reset();
        if (payload.length > 0) {
          return Optional.of(payload);
        }
        if (b < 0) {
          return Optional.empty();
        }
      } else {
        append(line, b);
      }
    }
  }

  private Optional<byte[]> nextElement() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    int b = readNonSpace();
    if (first) {
      expect(b == '[', "does not begin with '['");
      b = readNonSpace();
      first = false;
      if (b == ']') {
        return end();
      }
    } else if (b == ']') {
      return end();
    } else {
      expect(b == ',', "has neither ',' nor ']' after an element");
      b = readNonSpace();
    }
    return Optional.of(element(b));
  }

  /** Reads up to the comma or bracket that ends the element, and leaves that unread. */
  private byte[] element(int firstByte) throws IOException {
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    int depth = 0;
    boolean text = false;
    int b = firstByte;
    while (true) {
      expect(b >= 0, "ends within an element");
      if (!text && depth == 0 && (b == ',' || b == ']')) {
        in.reset();
        byte[] payload = withoutSpaceAtEnd(element.toByteArray());
        expect(payload.length > 0, "has an empty element");
        return payload;
      }
      append(element, b);
      if (text && b == '\\') {
        int escaped = in.read();
        expect(escaped >= 0, "ends within a text");
        append(element, escaped);
      } else if (b == '"') {
        text = !text;
      } else if (!text && (b == '{' || b == '[')) {
        depth++;
      } else if (!text && (b == '}' || b == ']')) {
        depth--;
      }
      in.mark(1);
      b = in.read();
    }
  }

  private Optional<byte[]> end() throws IOException {
    ended = true;
    expect(readNonSpace() < 0, "goes on after its ']'");
    return Optional.empty();
  }

  private int readNonSpace() throws IOException {
    int b;
    do {
      in.mark(1);
      b = in.read();
    } while (isSpace(b));
    return b;
  }

  private void append(ByteArrayOutputStream payload, int b) {
    if (payload.size() == MAX_PAYLOAD_BYTES) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "Record " + (records + 1) + " is larger than 10 MiB",
          "No Kinesis stream accepts it; is the file in the right format?");
    }
    payload.write(b);
  }

  private void expect(boolean holds, String what) {
    if (!holds) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "The JSON array " + what + " (after " + records + " elements)",
          "Correct the file, or read it line by line with --format lines.");
    }
  }

  private static boolean beginsWithBracket(BufferedInputStream in) throws IOException {
    in.mark(BUFFER_BYTES);
    int b = in.read();
    for (int i = 1; i < BUFFER_BYTES && isSpace(b); i++) {
      b = in.read();
    }
    in.reset();
    return b == '[';
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static byte[] withoutCarriageReturn(byte[] line) {
    int length = line.length;
    return length > 0 && line[length - 1] == '\r' ? Arrays.copyOf(line, length - 1) : line;
  }

  private static byte[] withoutSpaceAtEnd(byte[] element) {
    int length = element.length;
    while (length > 0 && isSpace(element[length - 1])) {
      length--;
    }
    return Arrays.copyOf(element, length);
  }
}
