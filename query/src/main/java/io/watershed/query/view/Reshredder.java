package io.watershed.query.view;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.CutFile;
import io.watershed.cut.ResolvedStream;
import io.watershed.duckdb.RecordRows;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes payloads of old files again, for columns that came after them. Bounded over all files of
 * a statement: beyond, the statement is refused, never answered with NULLs that are none.
 */
final class Reshredder {
  private final StatementDatabase database;
  private final SqlSettings settings;
  private long recordsUsed;
  private long bytesUsed;

  Reshredder(StatementDatabase database, SqlSettings settings) {
    this.database = database;
    this.settings = settings;
  }

  /** A data file and where it is. */
  record Input(Path path, CutFile file) {}

  /** The records of these files that belong to the cut. */
  List<StreamRecord> read(ResolvedStream stream, List<Input> inputs) {
    List<StreamRecord> records = new ArrayList<>();
    for (Input input : inputs) {
      recordsUsed += input.file().file().rows();
      if (recordsUsed > settings.maxReshreddedRecords()) {
        throw tooMany(stream);
      }
      read(stream, input, records);
    }
    return records;
  }

  private void read(ResolvedStream stream, Input input, List<StreamRecord> records) {
    String condition = input.file().filtered() ? PhysicalSql.inside(stream.outside()) : "true";
    String sql =
        "SELECT "
            + RecordRows.COLUMNS
            + " FROM "
            + PhysicalSql.readParquet(List.of(input.path()))
            + " WHERE "
            + condition;
    try (Statement statement = database.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        StreamRecord record = RecordRows.read(rows);
        bytesUsed += record.payload().length;
        if (bytesUsed > settings.maxReshreddedBytes()) {
          throw tooMany(stream);
        }
        records.add(record);
      }
    } catch (SQLException e) {
      throw SqlErrors.internal(e);
    }
  }

  private WatershedException tooMany(ResolvedStream stream) {
    return new WatershedException(
        ErrorCode.LIMIT,
        "more than "
            + settings.maxReshreddedRecords()
            + " records or "
            + (settings.maxReshreddedBytes() >> 20)
            + " MiB of '"
            + stream.stream()
            + "' were archived before the columns that the statement reads",
        "Name only the columns that you need, or none of the newer ones; compaction fills them in.");
  }
}
