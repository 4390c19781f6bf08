package io.watershed.query.system;

import java.sql.SQLException;

/** One table of the schema {@code watershed}. Stateless. */
interface SystemTable {
  /** Names and SQL types of its columns, as in CREATE TABLE. */
  String columns();

  /** Adds every row, its values in the order of the columns. */
  void fill(RowWriter rows, SystemSources sources) throws SQLException;
}
