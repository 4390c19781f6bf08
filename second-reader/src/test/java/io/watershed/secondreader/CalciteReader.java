package io.watershed.secondreader;

import java.util.List;

/** Apache Calcite's SQL over the rows of Iceberg's own reader. */
final class CalciteReader implements OtherEngine {
  private final CalciteEngine calcite;

  CalciteReader() throws Exception {
    this.calcite = new CalciteEngine();
  }

  @Override
  public void add(Pond pond, String stream) throws Exception {
    LogicalRows logical = LogicalRows.of(pond, stream);
    calcite.add(
        stream + "_archive",
        logical.columns(),
        logical.of(IcebergRows.all(IcebergRows.open(pond.root, stream))));
  }

  @Override
  public List<List<Object>> query(String sql) throws Exception {
    return calcite.query(sql);
  }

  @Override
  public void close() throws Exception {
    calcite.close();
  }
}
