package io.watershed.archive.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits text into payloads, by lines or by JSON documents. Looks at brackets and strings only:
 * whether a payload is good JSON is for the decoder to say. Bytes between payloads are white space;
 * everything else ends up in a payload.
 */
final class TextDocuments {
  /** The longest line or document: more is no record of any stream. */
  static final int MAX_BYTES = 32 << 20;

  private static final int BUFFER_BYTES = 1 << 16;

  private TextDocuments() {}

  /** A payload a line; JSON objects one behind the other on one line are a payload each. */
  static void lines(InputStream in, Payloads payloads) throws IOException {
    Collector line = new Collector();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          line.add(buffer, from, i);
          emitLine(line, payloads);
          line.restart(1);
          from = i + 1;
        }
      }
      line.add(buffer, from, read);
    }
    emitLine(line, payloads);
  }

  private static void emitLine(Collector collected, Payloads payloads) throws IOException {
    byte[] line = collected.bytes();
    int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
    if (isBlank(line, length)) {
      return;
    }
    List<int[]> documents = documents(line, length);
    if (documents.size() <= 1) {
      payloads.take(collected.start(), Arrays.copyOf(line, length));
      return;
    }
    for (int[] document : documents) {
      payloads.take(
          collected.start() + document[0], Arrays.copyOfRange(line, document[0], document[1]));
    }
  }

  /** Where the documents of a line begin and end; none if it is not just whole documents. */
  private static List<int[]> documents(byte[] line, int length) {
    List<int[]> found = new ArrayList<>();
    DocumentEnd end = new DocumentEnd();
    int start = -1;
    for (int i = 0; i < length; i++) {
      byte b = line[i];
      if (start < 0) {
        if (isSpace(b)) {
          continue;
        }
        if (b != '{') {
          return List.of();
        }
        start = i;
      }
      if (end.isAt(b)) {
        found.add(new int[] {start, i + 1});
        start = -1;
      }
    }
    return start < 0 ? found : List.of();
  }

  /** A payload for each JSON object or array; what is neither is one up to the end of its line. */
  static void json(InputStream in, Payloads payloads) throws IOException {
    Collector document = new Collector();
    DocumentEnd end = new DocumentEnd();
    byte[] buffer = new byte[BUFFER_BYTES];
    boolean inside = false;
    boolean nested = false;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      int from = 0;
      for (int i = 0; i < read; i++) {
        byte b = buffer[i];
        if (!inside) {
          if (isSpace(b)) {
            continue;
          }
          document.skip(i - from);
          from = i;
          inside = true;
          nested = b == '{' || b == '[';
        }
        boolean done = nested ? end.isAt(b) : b == '\n';
        if (done) {
          int to = nested ? i + 1 : i;
          document.add(buffer, from, to);
          payloads.take(document.start(), document.bytes());
          document.restart(0);
          from = to;
          inside = false;
        }
      }
      if (inside) {
        document.add(buffer, from, read);
      } else {
        document.skip(read - from);
      }
    }
    if (inside) {
      payloads.take(document.start(), document.bytes());
    }
  }

  private static boolean isBlank(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (!isSpace(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Follows one document to its last bracket. */
  private static final class DocumentEnd {
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Whether the document ends with this byte; then the next byte begins another one. */
    boolean isAt(byte b) {
      if (inString) {
        if (escaped) {
          escaped = false;
        } else if (b == '\\') {
          escaped = true;
        } else if (b == '"') {
          inString = false;
        }
        return false;
      }
      if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if ((b == '}' || b == ']') && depth > 0) {
        depth--;
      }
      return depth == 0;
    }
  }

  /** The payload that is being read, and where it began. */
  private static final class Collector {
    private byte[] collected = new byte[BUFFER_BYTES];
    private int length;
    private long start;

    void add(byte[] from, int begin, int end) throws IOException {
      int more = end - begin;
      if ((long) length + more > MAX_BYTES) {
        throw new UnreadableObject(
            "a line or document at byte " + start + " is longer than " + MAX_BYTES + " bytes");
      }
      if (length + more > collected.length) {
        collected = Arrays.copyOf(collected, Math.max(length + more, collected.length * 2));
      }
      System.arraycopy(from, begin, collected, length, more);
      length += more;
    }

    /** Bytes between payloads. */
    void skip(int count) {
      start += count;
    }

    byte[] bytes() {
      return Arrays.copyOf(collected, length);
    }

    long start() {
      return start;
    }

    /** Begins the next payload behind this one and so many bytes that belong to none. */
    void restart(int between) {
      start += length + between;
      length = 0;
    }
  }
}
