package io.watershed.localkinesis;

import java.net.URI;

class LocalKinesisCborConformanceTest extends ConformanceSuite {
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
    return WireFormat.CBOR;
  }

  @Override
  boolean isOurs() {
    return true;
  }
}
