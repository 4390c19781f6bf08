package io.watershed.drill.read;

import io.watershed.drill.plan.FileUnit;
import java.io.IOException;
import java.util.function.Function;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of some row groups of a file. */
final class FileRows implements Rows {
  private final FileUnit unit;
  private final ParquetFileReader reader;
  private final MessageType schema;
  private final Function<String, Integer> index;
  private final MessageColumnIO columns;
  private int group = -1;
  private @Nullable RecordReader<Row> records;
  private long left;

  /**
   * @param schema the columns that are read
   * @param index the row's index of a leaf, by its path with dots
   */
  FileRows(
      FileUnit unit,
      ParquetFileReader reader,
      MessageType schema,
      Function<String, Integer> index) {
    this.unit = unit;
    this.reader = reader;
    this.schema = schema;
    this.index = index;
    this.columns =
        new ColumnIOFactory(reader.getFileMetaData().getCreatedBy())
            .getColumnIO(schema, reader.getFileMetaData().getSchema());
    reader.setRequestedSchema(schema);
  }

  @Override
  public boolean next(Row row) {
    try {
      while (left == 0) {
        if (!nextGroup(row)) {
          return false;
        }
      }
      if (records == null) {
        throw new IllegalStateException("a row group is open while rows are left");
      }
      records.read();
      left--;
      return true;
    } catch (IOException | RuntimeException e) {
      throw DataFile.unreadable(unit, e);
    }
  }

  private boolean nextGroup(Row row) throws IOException {
    group++;
    if (group >= reader.getRowGroups().size()) {
      return false;
    }
    if (group % unit.parts() != unit.part()) {
      reader.skipNextRowGroup();
      return true;
    }
    PageReadStore pages = reader.readNextRowGroup();
    left = pages.getRowCount();
    records = columns.getRecordReader(pages, new RowConverter(row, schema, index));
    return true;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw DataFile.unreadable(unit, e);
    }
  }
}
