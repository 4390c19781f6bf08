package io.watershed.drill.read;

import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.drill.plan.StreamScan;
import io.watershed.drill.plan.TableColumns;
import java.util.BitSet;
import java.util.function.Function;
import org.apache.drill.exec.physical.impl.scan.v3.ManagedReader;
import org.apache.drill.exec.physical.impl.scan.v3.SchemaNegotiator;
import org.apache.drill.exec.physical.resultSet.RowSetLoader;

/**
 * A fragment's rows in Drill's vectors: of all of its units, because each reader has MAP vectors of
 * its own, and operators above take new ones for another schema.
 */
final class ScanReader implements ManagedReader {
  private static final int MAX_BATCH_ROWS = 4096;

  private final RowSetLoader loader;
  private final RowWriter writer;
  private final Row row;
  private final Rows rows;

  /**
   * @param expectedRows about so many: vectors are made no larger
   * @param open opens the rows, once it is known which columns are read
   */
  ScanReader(
      StreamScan scan,
      SchemaNegotiator negotiator,
      long expectedRows,
      Function<BitSet, Rows> open) {
    PayloadLayout layout = PayloadLayout.of(new PayloadSchema(scan.physical()));
    negotiator.tableSchema(TableColumns.schema(scan.logical()), true);
    negotiator.batchSize((int) Math.min(MAX_BATCH_ROWS, expectedRows + 1));
    loader = negotiator.build().writer();
    writer = new RowWriter(loader, layout, scan.logical());
    row = new Row(layout.size());
    rows = open.apply(writer.wanted());
  }

  @Override
  public boolean next() {
    while (!loader.isFull()) {
      if (!ReadErrors.translating(() -> rows.next(row))) {
        return false;
      }
      loader.start();
      writer.write(row);
      loader.save();
    }
    return true;
  }

  @Override
  public void close() {
    rows.close();
  }
}
