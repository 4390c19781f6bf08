package io.watershed.consumer;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one header object. Strict, because what it accepts is taken for an envelope: ASCII only, no
 * white space, no member twice, every required member there. Members of later versions are skipped.
 */
final class HeaderReader {
  private static final int MAX_DEPTH = 16;

  private final byte[] bytes;
  private final int end;
  private int at;

  private HeaderReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /**
   * A header object as it was read.
   *
   * @param header what it says
   * @param sha256 64 lower-case hexadecimal digits
   * @param lead what stood before the original's brace
   * @param of the enclosed header object's text; empty if there is none
   * @param enclosed how many header objects are inside this one
   */
  record Parsed(EnvelopeHeader header, String sha256, String lead, String of, int enclosed) {}

  /** The header object that is exactly {@code bytes[start, end)}; empty if it is not one. */
  static Optional<Parsed> read(byte[] bytes, int start, int end) {
    return read(bytes, start, end, 0);
  }

  private static Optional<Parsed> read(byte[] bytes, int start, int end, int level) {
    if (level > EnvelopeFormat.MAX_ENCLOSED
        || EnvelopeFormat.statedLength(bytes, start) != end - start) {
      return Optional.empty();
    }
    try {
      return Optional.of(new HeaderReader(bytes, start, end).header(level));
    } catch (Malformed | IllegalArgumentException | DateTimeException e) {
      return Optional.empty(); // not an envelope: a payload that happens to begin like one
    }
  }

  private Parsed header(int level) throws Malformed {
    Members members = new Members();
    Set<String> seen = new HashSet<>();
    expect('{');
    do {
      String name = string();
      require(seen.add(name));
      expect(':');
      member(members, name, level);
    } while (next(',', '}'));
    require(at == end);
    return members.parsed();
  }

  private void member(Members members, String name, int level) throws Malformed {
    switch (name) {
      case "v" -> require(integer() == 1);
      case "replay", "stream", "shard", "sequence", "arrival", "sha256", "lead" ->
          members.texts.put(name, string());
      case "sub", "epoch" -> members.numbers.put(name, integer());
      case "fence" -> members.fence = Optional.of(fence());
      case "annotations" -> members.annotations = annotations();
      case "of" -> enclosed(members, level);
      default -> skipValue(0);
    }
  }

  private Position fence() throws Malformed {
    Members members = new Members();
    expect('{');
    do {
      String name = string();
      expect(':');
      switch (name) {
        case "stream", "shard", "sequence" -> members.texts.put(name, string());
        case "sub" -> members.numbers.put(name, integer());
        default -> skipValue(0);
      }
    } while (next(',', '}'));
    return members.position();
  }

  private Map<String, String> annotations() throws Malformed {
    Map<String, String> values = new HashMap<>();
    expect('{');
    if (peek() == '}') {
      at++;
      return values;
    }
    do {
      String name = string();
      expect(':');
      require(values.put(name, string()) == null);
    } while (next(',', '}'));
    return values;
  }

  private void enclosed(Members members, int level) throws Malformed {
    int start = at;
    skipValue(0);
    Parsed inner = read(bytes, start, at, level + 1).orElseThrow(Malformed::new);
    members.of = new String(bytes, start, at - start, StandardCharsets.US_ASCII);
    members.enclosed = inner.enclosed() + 1;
  }

  private void skipValue(int depth) throws Malformed {
    require(depth <= MAX_DEPTH);
    switch (peek()) {
      case '{' -> skipContainer('}', true, depth);
      case '[' -> skipContainer(']', false, depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> skipNumber();
    }
  }

  private void skipContainer(char close, boolean named, int depth) throws Malformed {
    at++;
    if (peek() == close) {
      at++;
      return;
    }
    do {
      if (named) {
        string();
        expect(':');
      }
      skipValue(depth + 1);
    } while (next(',', close));
  }

  private void skipNumber() throws Malformed {
    int start = at;
    while (at < end && "+-.0123456789eE".indexOf(bytes[at]) >= 0) {
      at++;
    }
    require(at > start);
  }

  private void word(String word) throws Malformed {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private long integer() throws Malformed {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    require(at > start && (bytes[start] != '0' || at == start + 1));
    return Long.parseLong(new String(bytes, start, at - start, StandardCharsets.US_ASCII));
  }

  private String string() throws Malformed {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (peek() != '"') {
      char c = peek();
      require(c >= 0x20 && c < 0x7f);
      at++;
      text.append(c == '\\' ? escaped() : c);
    }
    at++;
    return text.toString();
  }

  private char escaped() throws Malformed {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> fourHexDigits();
      default -> throw new Malformed();
    };
  }

  private char fourHexDigits() throws Malformed {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      require(digit >= 0);
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  /** Steps over {@code more} (true) or {@code close} (false). */
  private boolean next(char more, char close) throws Malformed {
    char c = peek();
    require(c == more || c == close);
    at++;
    return c == more;
  }

  private void expect(char expected) throws Malformed {
    require(peek() == expected);
    at++;
  }

  private char peek() throws Malformed {
    require(at < end);
    return (char) (bytes[at] & 0xff);
  }

  private static void require(boolean condition) throws Malformed {
    if (!condition) {
      throw new Malformed();
    }
  }

  /** The members seen so far. */
  private static final class Members {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private Optional<Position> fence = Optional.empty();
    private Map<String, String> annotations = Map.of();
    private String of = "";
    private int enclosed;

    Parsed parsed() throws Malformed {
      String sha256 = text("sha256");
      require(isHex64(sha256));
      EnvelopeHeader header =
          new EnvelopeHeader(
              text("replay"),
              position(),
              Instant.parse(text("arrival")),
              number("epoch"),
              fence,
              annotations);
      return new Parsed(header, sha256, texts.getOrDefault("lead", ""), of, enclosed);
    }

    Position position() throws Malformed {
      return new Position(text("stream"), text("shard"), text("sequence"), number("sub"));
    }

    private String text(String name) throws Malformed {
      String value = texts.get(name);
      if (value == null) {
        throw new Malformed();
      }
      return value;
    }

    private long number(String name) throws Malformed {
      Long value = numbers.get(name);
      if (value == null) {
        throw new Malformed();
      }
      return value;
    }

    private static boolean isHex64(String text) {
      return text.length() == 64
          && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
  }

  /** Not a header object. Never leaves this class; without a stack trace, as it is no failure. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("not an envelope header", null, false, false);
    }
  }
}
