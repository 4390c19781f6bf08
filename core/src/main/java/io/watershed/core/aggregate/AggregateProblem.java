package io.watershed.core.aggregate;

/**
 * Why a record with the mark of aggregated ones is archived as it came: what {@code _decode_error}
 * says. The texts are stable, and none holds anything of the payload.
 */
public enum AggregateProblem {
  /** Too short to hold a message and its checksum. */
  CUT_OFF("aggregated record: cut off"),
  /**
   * The MD5 at the end is not that of what is before it: damaged, or a plain record that happens to
   * begin with the mark.
   */
  CHECKSUM("aggregated record: wrong checksum"),
  /** Not protobuf: numbers that do not end, unknown wire types, the field 0. */
  MALFORMED("aggregated record: not protobuf"),
  /** Something says that it is longer than what it is in. */
  LENGTH("aggregated record: a length beyond its end"),
  /** A required field is not there. */
  FIELD_MISSING("aggregated record: a field is missing"),
  /** A user record names a key that the tables do not have. */
  KEY_INDEX("aggregated record: a key index beyond its table"),
  /** A partition key is not UTF-8. */
  KEY_NOT_TEXT("aggregated record: a partition key is not UTF-8"),
  /** A partition key is longer than {@link AggregateReader#MAX_KEY_CHARACTERS}. */
  KEY_TOO_LONG("aggregated record: a partition key is too long"),
  /** Nothing is in it. */
  NO_RECORDS("aggregated record: no records in it"),
  /** More than {@link AggregateReader#MAX_RECORDS}. */
  TOO_MANY_RECORDS("aggregated record: too many records in it");

  private final String text;

  AggregateProblem(String text) {
    this.text = text;
  }

  /** What the column says. */
  public String text() {
    return text;
  }
}
