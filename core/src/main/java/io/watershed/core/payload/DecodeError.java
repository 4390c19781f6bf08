package io.watershed.core.payload;

/**
 * Why a payload has no typed columns: what {@code _decode_error} says. The texts are stable, and
 * none holds anything of the payload. The record is archived as it is all the same.
 */
public enum DecodeError {
  /** No bytes, or only white space. */
  EMPTY("empty payload"),
  /** More bytes than {@link JsonLimits#MAX_PAYLOAD_BYTES}. */
  TOO_LARGE("payload too large to decode"),
  /** It begins with a byte order mark, which JSON does not have (RFC 8259, 8.1). */
  BYTE_ORDER_MARK("byte order mark before the JSON"),
  /** The bytes are not UTF-8 (RFC 3629; surrogates and overlong forms included). */
  NOT_UTF8("not UTF-8"),
  /**
   * Not JSON by RFC 8259's grammar: cut off, NaN, comments, trailing commas, single quotes... Also
   * a key with half a surrogate pair, which the RFC (8.2) leaves to the reader.
   */
  NOT_JSON("not JSON"),
  /** Something follows the first JSON value. */
  TRAILING_TEXT("text after the first JSON value"),
  /** Well-formed JSON, but an array or a scalar. */
  NOT_AN_OBJECT("JSON, but not an object"),
  /** Deeper than {@link JsonLimits#MAX_NESTING}. */
  TOO_DEEP("JSON nested too deep"),
  /**
   * Not one CSV line by RFC 4180: a quote inside a field without quotes, or one that never ends.
   */
  NOT_CSV("not CSV"),
  /** More than one CSV line. */
  SEVERAL_LINES("more than one CSV line"),
  /** Avro data without the frame that names its schema, or with one that cannot be unpacked. */
  NO_SCHEMA_ID("no schema id before the Avro data"),
  /** Avro data of a schema that is neither in the reservoir nor where the configuration says. */
  UNKNOWN_SCHEMA("unknown Avro schema"),
  /** Avro data that ends early, late, or is otherwise not what its schema says. */
  NOT_AVRO("not Avro of its schema"),
  /** Avro data of a schema that is no record. */
  NOT_A_RECORD("Avro, but not a record"),
  /** Neither decoded nor refused, for a reason that nobody foresaw: a defect of ours. */
  DEFECT("could not be decoded (a defect of watershed)"),
  /** Decoded, but the file could not be written with its columns. */
  NOT_ENCODABLE("could not be written as columns (a defect of watershed)"),
  /** A number of more than {@link JsonLimits#MAX_NUMBER_DIGITS} digits. */
  NUMBER_TOO_LONG("JSON number too long");

  private final String text;

  DecodeError(String text) {
    this.text = text;
  }

  /** What the column says. */
  public String text() {
    return text;
  }
}
