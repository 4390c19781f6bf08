package io.watershed.archive.imports;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.core.stream.Shard.HashRange;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Positions of imported records (PROTOCOL 8): every import is a shard of {@link
 * Incarnation#IMPORT}, {@code import-<number>}, and a record's sequence number is {@code file ×
 * 10^12 + offset}.
 */
final class ImportPositions {
  private static final String PREFIX = "import-";
  private static final BigInteger FILE = BigInteger.TEN.pow(12);

  /** The largest offset in a file: a terabyte. */
  static final long MAX_OFFSET = 999_999_999_999L;

  private ImportPositions() {}

  /** The shard of the next import. */
  static Shard next(Collection<ShardKey> known) {
    long highest =
        known.stream()
            .filter(key -> Incarnation.isImport(key.incarnation()))
            .mapToLong(key -> Long.parseLong(key.shardId().substring(PREFIX.length())))
            .max()
            .orElse(0);
    String id = String.format(Locale.ROOT, "%s%06d", PREFIX, highest + 1);
    return new Shard(
        new ShardKey(Incarnation.IMPORT.id(), id),
        List.of(),
        new HashRange(BigInteger.ZERO, BigInteger.ZERO));
  }

  /**
   * The position of a record.
   *
   * @param file the number of its object, from 1
   */
  static ShardPosition of(long file, long offset) {
    if (file < 1 || offset < 0 || offset > MAX_OFFSET) {
      throw new IllegalArgumentException("file " + file + ", offset " + offset);
    }
    return ShardPosition.of(
        SequenceNumber.parse(
            BigInteger.valueOf(file).multiply(FILE).add(BigInteger.valueOf(offset)).toString()));
  }

  /** The last position that a record of the file could have. */
  static ShardPosition endOf(long file) {
    return of(file, MAX_OFFSET);
  }
}
