package io.watershed.core.payload;

import io.watershed.core.payload.AvroInput.Malformed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Avro's simple values as columns have them: exactly, or not at all. Dates and times are the
 * integers that they are in Avro; a decimal is its digits.
 */
final class AvroScalar {
  /** Avro's null. */
  static final Object NULL = new Object();

  /** A value that is no column's: bytes, NaN, an infinity, text that is not UTF-8. */
  static final Object IRREGULAR = new Object();

  private static final int MAX_DECIMAL_BYTES = 400;

  private AvroScalar() {}

  /** Long, Double, Boolean, UTF-8 bytes, {@link #NULL} or {@link #IRREGULAR}. */
  static Object read(Schema schema, AvroInput in) throws Malformed {
    return switch (schema.getType()) {
      case NULL -> NULL;
      case BOOLEAN -> in.readBoolean();
      case INT -> (long) in.readInt();
      case LONG -> in.readLong();
      case FLOAT -> finite(in.readFloat());
      case DOUBLE -> finite(in.readDouble());
      case STRING -> utf8(in.readBytes());
      case ENUM ->
          schema
              .getEnumSymbols()
              .get(in.readIndex(schema.getEnumSymbols().size()))
              .getBytes(StandardCharsets.UTF_8);
      case BYTES -> decimal(schema, in.readBytes());
      case FIXED -> decimal(schema, in.readFixed(schema.getFixedSize()));
      default -> throw new IllegalStateException(schema.getType() + " is not simple");
    };
  }

  private static Object finite(double value) {
    return Double.isFinite(value) ? value : IRREGULAR;
  }

  private static Object utf8(byte[] text) {
    return Utf8.isValid(text) ? text : IRREGULAR;
  }

  private static Object decimal(Schema schema, byte[] unscaled) {
    boolean bounded = unscaled.length > 0 && unscaled.length <= MAX_DECIMAL_BYTES;
    if (bounded
        && schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        && decimal.getScale() <= JsonLimits.MAX_NUMBER_DIGITS) {
      return new BigDecimal(new BigInteger(unscaled), decimal.getScale())
          .toPlainString()
          .getBytes(StandardCharsets.US_ASCII);
    }
    return IRREGULAR;
  }
}
