package io.watershed.secondreader;

import java.nio.file.Path;

/** DuckDB against Spark. */
class SparkHistoryStatementsTest extends HistoryStatements {
  @Override
  OtherEngine otherEngine(Pond pond) throws Exception {
    return new SparkReader(pond.root, Path.of("target", "spark-history.log"));
  }
}
