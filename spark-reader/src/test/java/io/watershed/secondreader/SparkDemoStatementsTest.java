package io.watershed.secondreader;

import java.nio.file.Path;

/** DuckDB against Spark. */
class SparkDemoStatementsTest extends DemoStatements {
  @Override
  OtherEngine otherEngine(Pond pond) throws Exception {
    return new SparkReader(pond.root, Path.of("target", "spark-demo.log"));
  }
}
