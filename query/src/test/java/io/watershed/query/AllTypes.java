package io.watershed.query;

/** One row for each type that a result can have, and each type's edges. */
final class AllTypes {
  /** NULLs of all types in the second row. */
  static final String SELECT =
      "SELECT CASE WHEN n = 0 THEN v END AS \"a value\", n, * EXCLUDE (n, v) FROM (SELECT 1 AS v,"
          + " true AS bool, (-128)::TINYINT AS i8, (-32768)::SMALLINT AS i16,"
          + " (-2147483648)::INTEGER AS i32, (-9223372036854775808)::BIGINT AS i64,"
          + " 255::UTINYINT AS u8, 65535::USMALLINT AS u16, 4294967295::UINTEGER AS u32,"
          + " 18446744073709551615::UBIGINT AS u64,"
          + " (-170141183460469231731687303715884105728)::HUGEINT AS i128,"
          + " 340282366920938463463374607431768211455::UHUGEINT AS u128,"
          + " 0.1::FLOAT AS f32, 'nan'::DOUBLE AS nan, '-inf'::DOUBLE AS inf, 1e300 AS f64,"
          + " 1.50::DECIMAL(4, 2) AS d4, 123456789012345678901234567890.12345678::DECIMAL(38, 8) AS d38,"
          + " 'Köln \uD83D\uDE00' AS text, '' AS empty, '\\x00\\xFF'::BLOB AS bytes, '101'::BIT AS bits,"
          + " 'b'::ENUM ('a', 'b') AS choice, '{\"a\": [1, null]}'::JSON AS json,"
          + " DATE '2024-02-29' AS d, DATE '0044-03-15 (BC)' AS bc, 'infinity'::DATE AS never,"
          + " TIME '23:59:59.999999' AS t, TIMETZ '12:00:00+05:30' AS ttz,"
          + " TIMESTAMP '2026-03-29 02:30:00.123456' AS ts, '2026-01-02'::TIMESTAMP_S AS ts_s,"
          + " '2026-01-02 03:04:05.678'::TIMESTAMP_MS AS ts_ms,"
          + " '2026-01-02 03:04:05.123456789'::TIMESTAMP_NS AS ts_ns,"
          + " TIMESTAMPTZ '2026-01-02 03:04:05.678+02' AS tstz, '-infinity'::TIMESTAMPTZ AS before,"
          + " INTERVAL '1 year 2 days 3 seconds' AS span,"
          + " '6f9619ff-8b86-d011-b42d-00c04fc964ff'::UUID AS id,"
          + " [1, NULL, 3] AS list, []::INTEGER[] AS none, [[1], NULL, [2, 3]] AS lists,"
          + " [1.5, 2.5]::DOUBLE[2] AS arr, {'city': 'x', 'at': {'lat': 1.5, 'ok': NULL}} AS struct,"
          + " [{'a': 1, 'b': 'x'}, NULL] AS structs, MAP {'k': [1], 'l': NULL} AS map,"
          + " MAP {DATE '2026-01-01': 1} AS by_day, {'d': DATE '2026-01-01', 'b': 'x'::BLOB} AS mix,"
          + " union_value(num := 2) AS either, NULL AS nothing, row(1, 'a') AS tuple,"
          + " unnest([0, 1]) AS n)";

  private AllTypes() {}
}
