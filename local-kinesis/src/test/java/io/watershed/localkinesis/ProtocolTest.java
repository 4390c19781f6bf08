package io.watershed.localkinesis;

import static io.watershed.localkinesis.TestClients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** What the SDK hides: bytes on the wire, wrong requests, and states that pass quickly. */
class ProtocolTest {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SIGNED =
      "AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/kinesis/aws4_request,"
          + " SignedHeaders=host, Signature=00";

  private final Endpoint endpoint = Endpoint.start(LocalKinesisSettings.DEFAULTS, 1);

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void jsonCarriesBase64AndSecondsWithAFraction() throws Exception {
    endpoint.clock.advance(Duration.ofMillis(1_234));
    String data = Base64.getEncoder().encodeToString(new byte[] {0, (byte) 0xFF, 7});
    assertThat(
            post(
                    "PutRecord",
                    "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"" + data + "\"}")
                .statusCode())
        .isEqualTo(200);
    String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
    JsonNode record =
        body(post("GetRecords", "{\"ShardIterator\":\"" + iterator + "\"}")).get("Records").get(0);
    assertThat(record.get("Data").textValue()).isEqualTo(data);
    assertThat(record.get("ApproximateArrivalTimestamp").decimalValue())
        .isEqualByComparingTo(
            new java.math.BigDecimal(
                BigInteger.valueOf(endpoint.clock.instant().toEpochMilli()), 3));
  }

  @Test
  void errorsNameTheirTypeInHeaderAndBody() throws Exception {
    HttpResponse<String> answer = post("DescribeStream", "{\"StreamName\":\"nowhere\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("x-amzn-errortype"))
        .contains("ResourceNotFoundException");
    assertThat(answer.headers().firstValue("x-amzn-requestid")).isPresent();
    assertThat(body(answer).get("__type").textValue()).isEqualTo("ResourceNotFoundException");
    assertThat(body(answer).get("message").textValue())
        .isEqualTo("Stream nowhere under account 000000000000 not found.");
  }

  @Test
  void brokenBodiesAreSerializationErrors() throws Exception {
    assertError("PutRecord", "{\"StreamName\":", "SerializationException");
    assertError("PutRecord", "[1]", "SerializationException");
    assertError("PutRecord", "{\"a\":".repeat(1_000), "SerializationException");
    assertError("DescribeStream", "{\"StreamName\":7}", "SerializationException");
    assertError(
        "PutRecord",
        "{\"StreamName\":\"orders\",\"PartitionKey\":\"k\",\"Data\":\"*no base64*\"}",
        "SerializationException");
  }

  @Test
  void whatTheModelDoesNotAllowIsAValidationError() throws Exception {
    assertError("CreateStream", "{\"ShardCount\":1}", "ValidationException");
    assertError("CreateStream", "{\"StreamName\":\"a b\",\"ShardCount\":1}", "ValidationException");
    assertError("CreateStream", "{\"StreamName\":\"ab\",\"ShardCount\":0}", "ValidationException");
    assertError("CreateStream", "{\"StreamName\":\"ab\"}", "ValidationException");
    assertError("PutRecords", "{\"StreamName\":\"orders\",\"Records\":[]}", "ValidationException");
  }

  @Test
  void unknownOperationsAndServicesAreRefused() throws Exception {
    assertError("SubscribeToShard", "{}", "UnknownOperationException");
    HttpResponse<String> other = send("DynamoDB_20120810.ListTables", "{}", SIGNED);
    assertThat(body(other).get("__type").textValue()).isEqualTo("UnknownOperationException");
    HttpResponse<String> get =
        HTTP.send(
            HttpRequest.newBuilder(endpoint.kinesis.endpoint()).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(get.statusCode()).isEqualTo(403);
  }

  @Test
  void anIncompleteSignatureIsRefused() throws Exception {
    HttpResponse<String> answer = send("Kinesis_20131202.ListStreams", "{}", "AWS4-HMAC-SHA256 x");
    assertThat(body(answer).get("__type").textValue()).isEqualTo("IncompleteSignatureException");
  }

  @Test
  void aStreamInAnotherAccountOrRegionIsNotHere() {
    assertThatThrownBy(
            () ->
                get(
                    endpoint.client.describeStreamSummary(
                        r ->
                            r.streamARN(
                                "arn:aws:kinesis:eu-west-1:000000000000:stream/"
                                    + Endpoint.STREAM))))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void changesOfAStreamTakeTheirTime() {
    LocalKinesisSettings slow =
        LocalKinesisSettings.DEFAULTS.withControlPlaneDelay(Duration.ofSeconds(10));
    try (Endpoint other = Endpoint.start(slow, 1)) {
      get(other.client.createStream(r -> r.streamName("late").shardCount(1)));
      assertThat(status(other, "late")).isEqualTo(StreamStatus.CREATING);
      other.clock.advance(Duration.ofSeconds(10));
      assertThat(status(other, "late")).isEqualTo(StreamStatus.ACTIVE);

      other.split(Endpoint.FIRST_SHARD, "1000");
      assertThat(status(other, Endpoint.STREAM)).isEqualTo(StreamStatus.UPDATING);
      assertThatThrownBy(() -> other.split("shardId-000000000002", "2000"))
          .isInstanceOf(ResourceInUseException.class);
      assertThat(other.putRecords(1, 1).failedRecordCount()).isZero();
      other.clock.advance(Duration.ofSeconds(10));
      assertThat(status(other, Endpoint.STREAM)).isEqualTo(StreamStatus.ACTIVE);

      get(other.client.deleteStream(r -> r.streamName("late")));
      assertThat(status(other, "late")).isEqualTo(StreamStatus.DELETING);
      assertThatThrownBy(
              () -> get(other.client.createStream(r -> r.streamName("late").shardCount(1))))
          .isInstanceOf(ResourceInUseException.class);
      other.clock.advance(Duration.ofSeconds(10));
      assertThatThrownBy(() -> status(other, "late")).isInstanceOf(ResourceNotFoundException.class);
    }
  }

  @Test
  void twoLivesOfAStreamNeverShareACreationTimeOrAnIterator() {
    Instant first = created();
    endpoint.put("x");
    String iterator = endpoint.iterator(ShardIteratorType.TRIM_HORIZON);
    get(endpoint.client.deleteStream(r -> r.streamName(Endpoint.STREAM)));
    assertThat(endpoint.kinesis.counters().bytesHeld()).isZero();
    endpoint.kinesis.createStream(Endpoint.STREAM, 1);
    assertThat(created()).isAfter(first);
    assertThatThrownBy(() -> endpoint.read(iterator)).isInstanceOf(ResourceNotFoundException.class);
    assertThat(endpoint.readAll()).isEmpty();
  }

  @Test
  void aTakenPortIsAnErrorWithAHintAndClosingFreesIt() {
    int port = endpoint.kinesis.endpoint().getPort();
    LocalKinesisSettings same = LocalKinesisSettings.DEFAULTS.withPort(port);
    assertThatThrownBy(() -> LocalKinesis.start(same))
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
              assertThat(e.getMessage()).contains(Integer.toString(port));
              assertThat(e.hint()).isNotEmpty();
            });
    endpoint.kinesis.close();
    LocalKinesis.start(same).close();
  }

  @Test
  void countersCountRequestsAndRecords() {
    endpoint.putRecords(3, 10);
    endpoint.readAll();
    LocalKinesisCounters counters = endpoint.kinesis.counters();
    assertThat(counters.requests())
        .containsEntry("PutRecords", 1L)
        .containsEntry("GetShardIterator", 1L)
        .containsEntry("GetRecords", 1L);
    assertThat(counters.recordsPut()).isEqualTo(3);
    assertThat(counters.bytesPut()).isEqualTo(30);
    assertThat(counters.recordsRead()).isEqualTo(3);
    assertThat(counters.bytesRead()).isEqualTo(30);
    assertThat(counters.bytesHeld()).isEqualTo(3 * (10 + 1 + ShardLog.OVERHEAD_BYTES));
  }

  private Instant created() {
    return get(endpoint.client.describeStreamSummary(r -> r.streamName(Endpoint.STREAM)))
        .streamDescriptionSummary()
        .streamCreationTimestamp();
  }

  private static StreamStatus status(Endpoint endpoint, String name) {
    return get(endpoint.client.describeStreamSummary(r -> r.streamName(name)))
        .streamDescriptionSummary()
        .streamStatus();
  }

  private void assertError(String operation, String request, String type) throws Exception {
    HttpResponse<String> answer = post(operation, request);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(body(answer).get("__type").textValue()).isEqualTo(type);
  }

  private HttpResponse<String> post(String operation, String request) throws Exception {
    return send("Kinesis_20131202." + operation, request, SIGNED);
  }

  private HttpResponse<String> send(String target, String request, String authorization)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(endpoint.kinesis.endpoint())
            .header("x-amz-target", target)
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", authorization)
            .POST(HttpRequest.BodyPublishers.ofString(request))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode body(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}
