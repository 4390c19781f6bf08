package io.watershed.localkinesis;

import java.net.URI;

/** The suite against kinesis-local, see {@link KinesisLocalProcess}. */
class KinesisLocalConformanceTest extends ConformanceSuite {
  private KinesisLocalProcess process;

  @Override
  URI startTarget() throws Exception {
    process = KinesisLocalProcess.start();
    return process.endpoint();
  }

  @Override
  void stopTarget() {
    if (process != null) {
      process.close();
      System.out.println(Difference.table());
    }
  }

  @Override
  WireFormat format() {
    return WireFormat.CBOR;
  }

  @Override
  boolean isOurs() {
    return false;
  }
}
