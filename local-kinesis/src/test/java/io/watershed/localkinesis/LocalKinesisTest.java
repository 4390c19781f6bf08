package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

class LocalKinesisTest {
  @Test
  void whatIsPutIsRead() {
    try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS);
        KinesisAsyncClient client = TestClients.to(kinesis.endpoint())) {
      kinesis.createStream("orders", 1);
      PutRecordsResponse put =
          get(
              client.putRecords(
                  r ->
                      r.streamName("orders")
                          .records(entry("a", "one"), entry("b", "two"), entry("a", ""))));
      assertThat(put.failedRecordCount()).isZero();

      String iterator =
          get(client.getShardIterator(
                  r ->
                      r.streamName("orders")
                          .shardId("shardId-000000000000")
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON)))
              .shardIterator();
      GetRecordsResponse read = get(client.getRecords(r -> r.shardIterator(iterator)));
      assertThat(read.records())
          .extracting(r -> r.data().asUtf8String())
          .containsExactly("one", "two", "");
      assertThat(read.records()).extracting(Record::partitionKey).containsExactly("a", "b", "a");
      assertThat(read.records())
          .extracting(Record::sequenceNumber)
          .containsExactlyElementsOf(put.records().stream().map(r -> r.sequenceNumber()).toList());
      assertThat(read.records()).allMatch(r -> r.sequenceNumber().length() == 56);
      assertThat(read.millisBehindLatest()).isZero();
      assertThat(read.nextShardIterator()).isNotNull();
    }
  }

  static PutRecordsRequestEntry entry(String key, String text) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromByteArray(text.getBytes(StandardCharsets.UTF_8)))
        .build();
  }
}
