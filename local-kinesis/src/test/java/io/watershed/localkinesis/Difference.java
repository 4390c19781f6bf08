package io.watershed.localkinesis;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Where this endpoint and kinesis-local 0.6.2 differ in what {@link ConformanceSuite} checks, and
 * which is right. API pages are those of the Amazon Kinesis Data Streams API reference.
 */
enum Difference {
  ENDING_SEQUENCE_NUMBER(
      "EndingSequenceNumber of a closed shard",
      "above the shard's records, below its children's",
      "always 9223372036854775807",
      "local-kinesis",
      "SequenceNumberRange: the range of sequence numbers of the shard. A 19-digit number is below"
          + " the shard's own 56-digit start."),
  UPDATE_SHARD_COUNT_LINEAGE(
      "Parents of shards made by UpdateShardCount",
      "every new shard has one or two parents",
      "some new shards have none",
      "local-kinesis",
      "UpdateShardCount: \"Kinesis Data Streams performs splits or merges on individual shards\", and"
          + " both leave parents."),
  AT_TRIM_HORIZON(
      "ListShards with filter AT_TRIM_HORIZON",
      "the shards that were open at the trim horizon",
      "all shards",
      "local-kinesis",
      "ShardFilter: \"the response includes all the shards that were open at TRIM_HORIZON\"."),
  RECORDS_IN_A_REQUEST(
      "PutRecords with 501 records",
      "refused",
      "accepted",
      "local-kinesis",
      "PutRecords: \"Each PutRecords request can support up to 500 records\"."),
  RECORD_SIZE(
      "A record of more than 1 MiB on a new stream",
      "refused",
      "accepted",
      "local-kinesis",
      "PutRecordsRequestEntry: payload and partition key \"must not exceed the maximum record size"
          + " (1 MiB)\"; UpdateMaxRecordSize raises it."),
  FUTURE_TIMESTAMP(
      "GetShardIterator AT_TIMESTAMP in the future",
      "InvalidArgumentException",
      "accepted",
      "local-kinesis",
      "Not documented. The service's own answer, in many bug reports: \"The timestampInMillis"
          + " parameter cannot be greater than the currentTimestampInMillis\"."),
  FOREIGN_SEQUENCE_NUMBER(
      "GetShardIterator with a sequence number of another shard, or with none at all",
      "InvalidArgumentException",
      "accepted",
      "local-kinesis",
      "GetShardIterator: StartingSequenceNumber is \"the sequence number of the data record in the"
          + " shard\"; InvalidArgumentException is for a parameter that is not valid."),
  INVALID_ITERATOR(
      "GetRecords with an iterator that was never given out",
      "InvalidArgumentException",
      "HTTP 500",
      "local-kinesis",
      "GetRecords lists InvalidArgumentException (400); a 500 would be retried for ever."),
  MILLIS_BEHIND_LATEST(
      "MillisBehindLatest while records of the same millisecond are unread",
      "at least 1",
      "0",
      "local-kinesis",
      "GetRecords: \"a value of zero indicates that record processing is caught up, and there are no"
          + " new records to process at this moment\".");

  private final String subject;
  private final String ours;
  private final String theirs;
  private final String right;
  private final String why;

  Difference(String subject, String ours, String theirs, String right, String why) {
    this.subject = subject;
    this.ours = ours;
    this.theirs = theirs;
    this.right = right;
    this.why = why;
  }

  /** The row of this difference in docs/local-kinesis.md. */
  String markdown() {
    return "| " + String.join(" | ", subject, ours, theirs, right, why) + " |";
  }

  static String table() {
    return Arrays.stream(values())
        .map(Difference::markdown)
        .collect(
            Collectors.joining(
                "\n",
                "| | local-kinesis | kinesis-local 0.6.2 | right | why |\n|---|---|---|---|---|\n",
                "\n"));
  }
}
