package io.watershed.archive.verify;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.ColumnType;
import io.watershed.core.payload.DecodeError;
import io.watershed.core.payload.GuardedShredder;
import io.watershed.core.payload.Observations.Observation;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.Shredder;
import io.watershed.core.payload.UnlistedPaths;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the payloads of one file again, and compares what comes out with its columns (PROTOCOL
 * 4.1 to 4.3): typed columns, {@code _decode_error}, and the unlisted paths of the footer. Not
 * thread-safe.
 */
final class ColumnCheck {
  private final PayloadLayout layout;
  private final Shredder shredder;
  private Optional<String> problem = Optional.empty();

  ColumnCheck(PayloadSchema columns, PayloadFormat format, SchemaSettings settings) {
    this.layout = PayloadLayout.of(columns);
    this.shredder = new GuardedShredder(format.shredder(layout, format.schema(settings)), layout);
  }

  PayloadLayout layout() {
    return layout;
  }

  /** What was wrong first, as the rest of a sentence about a column; empty if nothing. */
  Optional<String> problem() {
    return problem;
  }

  void row(ArchivedRow row, RowReader.Cells cells) {
    // Shredded in any case, for what the footer must list.
    PayloadRow shredded = shredder.shred(row.payload());
    PayloadRow expected =
        Optional.ofNullable(row.decodeError())
            .flatMap(DecodeError::passing)
            .map(error -> PayloadRow.failed(layout.size(), error))
            .orElse(shredded);
    if (problem.isPresent()) {
      return;
    }
    DecodeError error = expected.decodeError();
    if (!Objects.equals(error == null ? null : error.text(), row.decodeError())) {
      differ("_decode_error", row);
      return;
    }
    for (PayloadLayout.Slot slot : layout.slots()) {
      if (!isSame(expected, slot, cell(cells, slot))) {
        differ(slot.path().text() + " (" + slot.column().type().suffix() + ")", row);
        return;
      }
    }
  }

  private static @Nullable Object cell(RowReader.Cells cells, PayloadLayout.Slot slot) {
    try {
      return cells.value(slot);
    } catch (SQLException e) {
      throw new IllegalArgumentException("column " + slot.path().text() + " cannot be read", e);
    }
  }

  private void differ(String column, ArchivedRow row) {
    problem =
        Optional.of(
            column + " is not what the payload of " + row.shard() + "@" + row.position() + " says");
  }

  private static boolean isSame(
      PayloadRow expected, PayloadLayout.Slot slot, @Nullable Object found) {
    int index = slot.index();
    ColumnType type = slot.column().type();
    if (type == ColumnType.STRUCT) {
      return Objects.equals(found, expected.isPresent(index));
    }
    if (found == null || !expected.isPresent(index)) {
      return found == null && !expected.isPresent(index);
    }
    return switch (type) {
      case LONG -> found.equals(expected.longValue(index));
      case DOUBLE -> found.equals(expected.doubleValue(index));
      case BOOLEAN -> found.equals(expected.booleanValue(index));
      default ->
          Arrays.equals(((String) found).getBytes(StandardCharsets.UTF_8), expected.utf8(index));
    };
  }

  /** A path that the payloads have, the columns lack, and the footer does not list. */
  Optional<String> unlisted(List<String> footer) {
    UnlistedPaths listed = UnlistedPaths.parse(footer);
    for (Observation seen : shredder.observations().seen()) {
      boolean known =
          seen.type()
              .map(type -> listed.mayHold(seen.path(), type))
              .orElseGet(
                  () -> footer.contains("*") || footer.contains(seen.path().text() + " none"));
      if (!known) {
        return Optional.of(seen.path().text());
      }
    }
    return Optional.empty();
  }
}
