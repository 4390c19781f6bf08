package io.watershed.localkinesis;

import java.net.URI;

class LocalKinesisJsonConformanceTest extends ConformanceSuite {
  private LocalKinesis kinesis;

  @Override
  URI startTarget() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
    return kinesis.endpoint();
  }

  @Override
  void stopTarget() {
    kinesis.close();
  }

  @Override
  WireFormat format() {
    return WireFormat.JSON;
  }

  @Override
  boolean isOurs() {
    return true;
  }
}
