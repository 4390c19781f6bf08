package io.watershed.secondreader;

/** DuckDB against Calcite. */
class HistoryStatementsTest extends HistoryStatements {
  @Override
  OtherEngine otherEngine(Pond pond) throws Exception {
    return new CalciteReader();
  }
}
