package io.watershed.query.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * DuckDB's text of a type, taken apart: {@code STRUCT(city VARCHAR, tags VARCHAR[])}, {@code
 * DECIMAL(18,3)}, {@code MAP(VARCHAR, BIGINT)}.
 */
public sealed interface TypeText {

  /** A type without members, as its text, such as {@code TIMESTAMP WITH TIME ZONE}. */
  record Scalar(String text) implements TypeText {}

  /** A list or an array of fixed length. */
  record ListOf(TypeText element) implements TypeText {}

  /** A struct. */
  record Struct(List<Member> members) implements TypeText {}

  /** A map. */
  record MapOf(TypeText key, TypeText value) implements TypeText {}

  /** A member of a struct. */
  record Member(String name, TypeText type) {}

  /** The type; empty if the text is none that this class knows, such as a struct without names. */
  static Optional<TypeText> parse(String text) {
    Reader reader = new Reader(text);
    try {
      TypeText type = reader.type();
      return reader.at == text.length() ? Optional.of(type) : Optional.empty();
    } catch (UnknownTypeException e) {
      return Optional.empty();
    }
  }

  /** The text cannot be read. */
  final class UnknownTypeException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Recursive descent; types nest as deeply as DuckDB's own parser allows. */
  final class Reader {
    private final String text;
    private int at;

    private Reader(String text) {
      this.text = text;
    }

    private TypeText type() throws UnknownTypeException {
      TypeText type = base();
      while (peek('[')) {
        at = text.indexOf(']', at) + 1;
        type = new ListOf(type);
      }
      return type;
    }

    private TypeText base() throws UnknownTypeException {
      if (take("STRUCT(")) {
        List<Member> members = new ArrayList<>();
        do {
          String name = name();
          expect(' ');
          members.add(new Member(name, type()));
        } while (take(", "));
        expect(')');
        return new Struct(members);
      }
      if (take("MAP(")) {
        TypeText key = type();
        if (!take(", ")) {
          throw new UnknownTypeException();
        }
        TypeText value = type();
        expect(')');
        return new MapOf(key, value);
      }
      return scalar();
    }

    /** Up to what ends it, with a list of parameters: {@code DECIMAL(18,3)}, {@code ENUM('a')}. */
    private TypeText scalar() throws UnknownTypeException {
      int from = at;
      while (at < text.length() && "[,()".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (peek('(')) {
        skipParameters();
      }
      if (at == from) {
        throw new UnknownTypeException();
      }
      return new Scalar(text.substring(from, at));
    }

    private void skipParameters() throws UnknownTypeException {
      boolean quoted = false;
      int depth = 0;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        quoted ^= c == '\'';
        if (!quoted) {
          depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        if (depth == 0) {
          at++;
          return;
        }
      }
      throw new UnknownTypeException();
    }

    private String name() throws UnknownTypeException {
      if (!peek('"')) {
        int end = text.indexOf(' ', at);
        if (end < 0) {
          throw new UnknownTypeException();
        }
        String name = text.substring(at, end);
        at = end;
        return name;
      }
      StringBuilder name = new StringBuilder();
      for (at++; at < text.length(); at++) {
        if (text.charAt(at) != '"') {
          name.append(text.charAt(at));
        } else if (text.startsWith("\"\"", at)) {
          name.append('"');
          at++;
        } else {
          at++;
          return name.toString();
        }
      }
      throw new UnknownTypeException();
    }

    private boolean peek(char c) {
      return at < text.length() && text.charAt(at) == c;
    }

    private boolean take(String word) {
      boolean there = text.startsWith(word, at);
      at += there ? word.length() : 0;
      return there;
    }

    private void expect(char c) throws UnknownTypeException {
      if (!peek(c)) {
        throw new UnknownTypeException();
      }
      at++;
    }
  }
}
