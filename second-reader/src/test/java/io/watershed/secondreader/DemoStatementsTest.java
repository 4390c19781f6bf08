package io.watershed.secondreader;

/** DuckDB against Calcite. */
class DemoStatementsTest extends DemoStatements {
  @Override
  OtherEngine otherEngine(Pond pond) throws Exception {
    return new CalciteReader();
  }
}
