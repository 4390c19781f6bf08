package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** A local endpoint with one stream, its clock and a client: what the tests of a concern share. */
final class Endpoint implements AutoCloseable {
  static final String STREAM = "orders";
  static final String FIRST_SHARD = "shardId-000000000000";

  final ManualClock clock = new ManualClock();
  final LocalKinesis kinesis;
  final KinesisAsyncClient client;

  private Endpoint(LocalKinesisSettings settings) {
    kinesis = LocalKinesis.start(settings.withClock(clock));
    client = TestClients.to(kinesis.endpoint());
  }

  static Endpoint start(LocalKinesisSettings settings, int shards) {
    Endpoint endpoint = new Endpoint(settings);
    endpoint.kinesis.createStream(STREAM, shards);
    return endpoint;
  }

  static Endpoint hostile(Hostility hostility) {
    return start(
        LocalKinesisSettings.DEFAULTS.withEnforceLimits(false).withHostility(hostility), 1);
  }

  @Override
  public void close() {
    client.close();
    kinesis.close();
  }

  List<String> put(String... texts) {
    List<String> numbers = new ArrayList<>();
    for (String text : texts) {
      numbers.add(
          kinesis
              .put(STREAM, "k", text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
              .sequenceNumber());
    }
    return numbers;
  }

  PutRecordsResponse putRecords(int count, int bytes) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    byte[] payload = new byte[bytes];
    new Random(count).nextBytes(payload);
    for (int i = 0; i < count; i++) {
      entries.add(
          PutRecordsRequestEntry.builder()
              .partitionKey("k")
              .data(SdkBytes.fromByteArrayUnsafe(payload))
              .build());
    }
    return get(client.putRecords(r -> r.streamName(STREAM).records(entries)));
  }

  String iterator(ShardIteratorType type) {
    return get(client.getShardIterator(
            r -> r.streamName(STREAM).shardId(FIRST_SHARD).shardIteratorType(type)))
        .shardIterator();
  }

  String iterator(ShardIteratorType type, String sequenceNumber) {
    return get(client.getShardIterator(
            r ->
                r.streamName(STREAM)
                    .shardId(FIRST_SHARD)
                    .shardIteratorType(type)
                    .startingSequenceNumber(sequenceNumber)))
        .shardIterator();
  }

  GetRecordsResponse read(String iterator) {
    return get(client.getRecords(r -> r.shardIterator(iterator)));
  }

  List<Record> readAll() {
    return read(iterator(ShardIteratorType.TRIM_HORIZON)).records();
  }

  List<String> texts() {
    return texts(readAll());
  }

  static List<String> texts(List<Record> records) {
    return records.stream().map(entry -> entry.data().asUtf8String()).toList();
  }

  List<Shard> shards() {
    return get(client.listShards(r -> r.streamName(STREAM))).shards();
  }

  void split(String shardId, String at) {
    get(client.splitShard(r -> r.streamName(STREAM).shardToSplit(shardId).newStartingHashKey(at)));
  }
}
