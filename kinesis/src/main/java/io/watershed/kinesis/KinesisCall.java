package io.watershed.kinesis;

/** The requests that watershed makes, each with the IAM action that it needs. */
enum KinesisCall {
  DESCRIBE("kinesis:DescribeStreamSummary"),
  LIST_SHARDS("kinesis:ListShards"),
  ITERATOR("kinesis:GetShardIterator"),
  READ("kinesis:GetRecords"),
  PUT("kinesis:PutRecords"),
  LIST_STREAMS("kinesis:ListStreams"),
  CREATE("kinesis:CreateStream"),
  RESHARD("kinesis:UpdateShardCount"),
  DELETE("kinesis:DeleteStream");

  private final String action;

  KinesisCall(String action) {
    this.action = action;
  }

  String action() {
    return action;
  }

  /** Whether the request names a position in a shard, which the service may refuse. */
  boolean hasPosition() {
    return this == ITERATOR || this == READ;
  }
}
