package io.watershed.query;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One engine's results in the words of {@link ResultSink}. Used by one thread. */
public interface RowValues {
  /** The columns. */
  List<ResultColumn> columns();

  /** Fills the array with the current row. */
  void read(ResultSet row, @Nullable Object[] values) throws SQLException;

  /** Looks at a result's columns. */
  @FunctionalInterface
  interface Factory {
    /** Makes the values of one result. */
    RowValues of(ResultSetMetaData metadata) throws SQLException;
  }
}
