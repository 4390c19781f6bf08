package io.watershed.core.payload;

/** The types that a physical payload column can have (PROTOCOL 4.2). */
public enum ColumnType {
  /** An integer token that fits 64 bits. */
  LONG("long"),
  /** Any other number token: the nearest double, if finite. */
  DOUBLE("double"),
  /** true or false. */
  BOOLEAN("boolean"),
  /** A string. */
  TEXT("text"),
  /** An array, or an object below the depth bound: its JSON text, as it came. */
  JSON("json"),
  /** An object, as nested columns. */
  STRUCT("struct");

  private final String suffix;

  ColumnType(String suffix) {
    this.suffix = suffix;
  }

  /** The word in sibling column names ({@code amount__double}) and in stored schemas. */
  public String suffix() {
    return suffix;
  }
}
