package io.watershed.core.payload;

import io.watershed.core.aggregate.AggregateProblem;
import java.util.Optional;
import java.util.stream.Stream;

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
  NUMBER_TOO_LONG("JSON number too long"),
  /** The stream says that payloads are gzip, and this one is not. */
  NOT_GZIP("not gzip"),
  /** A gzip member ends before its end. */
  GZIP_CUT_OFF("gzip: cut off"),
  /** Wrong checksum or length, or not the format of RFC 1951 and 1952. */
  GZIP_DAMAGED("gzip: damaged"),
  /** Something that is no gzip member follows the last one. */
  GZIP_TRAILING_BYTES("gzip: bytes after its end"),
  /** It inflates to more than {@link Gunzip#maxInflated} bytes. */
  GZIP_TOO_LARGE("gzip: inflates to too much"),
  /** As {@link AggregateProblem#CUT_OFF}. */
  AGGREGATE_CUT_OFF(AggregateProblem.CUT_OFF),
  /** As {@link AggregateProblem#CHECKSUM}. */
  AGGREGATE_CHECKSUM(AggregateProblem.CHECKSUM),
  /** As {@link AggregateProblem#MALFORMED}. */
  AGGREGATE_MALFORMED(AggregateProblem.MALFORMED),
  /** As {@link AggregateProblem#LENGTH}. */
  AGGREGATE_LENGTH(AggregateProblem.LENGTH),
  /** As {@link AggregateProblem#FIELD_MISSING}. */
  AGGREGATE_FIELD_MISSING(AggregateProblem.FIELD_MISSING),
  /** As {@link AggregateProblem#KEY_INDEX}. */
  AGGREGATE_KEY_INDEX(AggregateProblem.KEY_INDEX),
  /** As {@link AggregateProblem#KEY_NOT_TEXT}. */
  AGGREGATE_KEY_NOT_TEXT(AggregateProblem.KEY_NOT_TEXT),
  /** As {@link AggregateProblem#KEY_TOO_LONG}. */
  AGGREGATE_KEY_TOO_LONG(AggregateProblem.KEY_TOO_LONG),
  /** As {@link AggregateProblem#NO_RECORDS}. */
  AGGREGATE_NO_RECORDS(AggregateProblem.NO_RECORDS),
  /** As {@link AggregateProblem#TOO_MANY_RECORDS}. */
  AGGREGATE_TOO_MANY_RECORDS(AggregateProblem.TOO_MANY_RECORDS);

  private final String text;

  DecodeError(String text) {
    this.text = text;
  }

  DecodeError(AggregateProblem problem) {
    this(problem.text());
  }

  /** The error of a record that has the mark of aggregated ones and could not be taken apart. */
  static DecodeError of(AggregateProblem problem) {
    return valueOf("AGGREGATE_" + problem.name());
  }

  /**
   * The error of that text, if it tells of us and not of the payload: what was not understood then
   * may be now.
   */
  public static Optional<DecodeError> passing(String text) {
    return Stream.of(UNKNOWN_SCHEMA, DEFECT, NOT_ENCODABLE)
        .filter(error -> error.text.equals(text))
        .findFirst();
  }

  /** What the column says. */
  public String text() {
    return text;
  }
}
