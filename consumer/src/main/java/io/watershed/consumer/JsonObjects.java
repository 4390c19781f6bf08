package io.watershed.consumer;

/**
 * Just enough JSON to splice a member into an object: where its brace is, whether it has members,
 * and whether one of them has our name. It looks at the ends only and validates nothing: a broken
 * document stays broken in the same way, and its bytes come back exactly.
 */
final class JsonObjects {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private JsonObjects() {}

  /** Where the opening brace of a payload that looks like a JSON object is; -1 if it does not. */
  static int openingBrace(byte[] payload) {
    int start = EnvelopeFormat.hasAt(payload, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    int brace = skipSpace(payload, start);
    if (brace > EnvelopeFormat.MAX_LEAD_BYTES || brace >= payload.length) {
      return -1;
    }
    int first = skipSpace(payload, brace + 1);
    boolean opens =
        payload[brace] == '{'
            && first < payload.length
            && (payload[first] == '"' || payload[first] == '}');
    return opens && endsWithBrace(payload, first) ? brace : -1;
  }

  /** Whether the object whose brace is here has no members. */
  static boolean isEmpty(byte[] payload, int brace) {
    int first = skipSpace(payload, brace + 1);
    return first < payload.length && payload[first] == '}';
  }

  /** Whether the object has a member of our name at its top level (spelled without escapes). */
  static boolean hasOurMember(byte[] payload, int brace) {
    return contains(payload, EnvelopeFormat.MEMBER_NAME) && scanTopLevel(payload, brace);
  }

  private static boolean scanTopLevel(byte[] payload, int brace) {
    int depth = 0;
    int i = brace;
    while (i < payload.length) {
      byte b = payload[i];
      if (b == '"') {
        int end = endOfString(payload, i);
        if (depth == 1
            && EnvelopeFormat.hasAt(payload, i, EnvelopeFormat.MEMBER_NAME)
            && isName(payload, end)) {
          return true;
        }
        i = end;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      i++;
    }
    return false;
  }

  private static boolean isName(byte[] payload, int closingQuote) {
    int next = skipSpace(payload, closingQuote + 1);
    return next < payload.length && payload[next] == ':';
  }

  private static int endOfString(byte[] payload, int quote) {
    int i = quote + 1;
    while (i < payload.length && payload[i] != '"') {
      i += payload[i] == '\\' ? 2 : 1;
    }
    return i;
  }

  private static boolean contains(byte[] payload, byte[] part) {
    byte rare = part[1]; // the first one is a quote
    for (int i = 0; i <= payload.length - part.length; i++) {
      if (payload[i + 1] == rare && EnvelopeFormat.hasAt(payload, i, part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWithBrace(byte[] payload, int notBefore) {
    int last = payload.length - 1;
    while (last > notBefore && isSpace(payload[last])) {
      last--;
    }
    return payload[last] == '}';
  }

  private static int skipSpace(byte[] payload, int from) {
    int i = from;
    while (i < payload.length && isSpace(payload[i])) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
