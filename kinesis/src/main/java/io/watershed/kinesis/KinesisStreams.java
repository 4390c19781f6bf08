package io.watershed.kinesis;

import io.watershed.aws.AwsConnection;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListStreamsRequest;
import software.amazon.awssdk.services.kinesis.model.ScalingType;

/**
 * The streams of one account and region, over the AWS SDK's asynchronous client: CBOR, HTTP/1.1, no
 * retries of its own. Sources and sinks share its connections and are free to make. Futures
 * complete with a {@link StreamFailure}. Thread-safe.
 */
public final class KinesisStreams implements AutoCloseable {
  private static final int MAX_PAGES = 100;
  private static final Duration STATUS_INTERVAL = Duration.ofMillis(250);

  private final AwsConnection aws;
  private final KinesisAsyncClient client;
  private final KinesisFailures failures;

  private KinesisStreams(AwsConnection aws) {
    this.aws = aws;
    this.client = aws.configure(KinesisAsyncClient.builder()).build();
    this.failures = new KinesisFailures(aws.place("Kinesis"));
  }

  /** Opens with default bounds; see {@link #open(AwsAccess, AwsClientSettings)}. */
  public static KinesisStreams open(AwsAccess access) {
    return open(access, AwsClientSettings.DEFAULTS);
  }

  /**
   * Finds region and credentials as the AWS CLI does, and opens the client. Makes no request to
   * Kinesis.
   *
   * @throws WatershedException {@code config} when no region is found, the profile does not exist,
   *     or local credentials are asked for an endpoint that is not on this machine
   */
  public static KinesisStreams open(AwsAccess access, AwsClientSettings settings) {
    return new KinesisStreams(AwsConnection.open(access, settings));
  }

  /**
   * The stream to read. The first request pins its incarnation; if the stream is deleted and
   * created again, requests fail with {@link Kind#NOT_FOUND}, and a new source reads the new one.
   *
   * @throws WatershedException {@code invalid-input} if it is not a name or an ARN of this region
   */
  public StreamSource source(String nameOrArn) {
    return source(nameOrArn, Documents.ONE, false);
  }

  /**
   * As {@link #source(String)}, with what is configured for the stream.
   *
   * @param documents how many documents a payload holds
   * @param keepsReplayed whether replayed records that come back are kept
   */
  public StreamSource source(String nameOrArn, Documents documents, boolean keepsReplayed) {
    return stream(nameOrArn, System::nanoTime, documents, keepsReplayed);
  }

  /** As {@link #source(String)}, with a monotonic clock for the checks of the incarnation. */
  StreamSource source(String nameOrArn, LongSupplier nanoTime) {
    return stream(nameOrArn, nanoTime, Documents.ONE, false);
  }

  /**
   * The stream to write to.
   *
   * @throws WatershedException {@code invalid-input} if it is not a name or an ARN of this region
   */
  public StreamSink sink(String nameOrArn) {
    return stream(nameOrArn);
  }

  /** ListStreams, all pages: the names of the account's streams in this region. */
  public CompletableFuture<List<String>> listStreams() {
    return listStreams(new ArrayList<>(), MAX_PAGES)
        .exceptionallyCompose(
            t ->
                CompletableFuture.failedFuture(
                    failures.of(t, "the account's streams", KinesisCall.LIST_STREAMS)));
  }

  /** CreateStream with this many shards. It is not ready yet: see {@link #awaitActive}. */
  public CompletableFuture<Void> createStream(String name, int shards) {
    return client
        .createStream(b -> b.streamName(StreamName.parse(name).name()).shardCount(shards))
        .<Void>thenApply(r -> null)
        .exceptionallyCompose(
            t -> CompletableFuture.failedFuture(failures.of(t, subject(name), KinesisCall.CREATE)));
  }

  /**
   * UpdateShardCount: splits or merges the open shards evenly, to this many. The service takes at
   * least half and at most double the present count.
   */
  public CompletableFuture<Void> updateShardCount(String name, int shards) {
    return client
        .updateShardCount(
            b ->
                b.streamName(StreamName.parse(name).name())
                    .targetShardCount(shards)
                    .scalingType(ScalingType.UNIFORM_SCALING))
        .<Void>thenApply(r -> null)
        .exceptionallyCompose(
            t ->
                CompletableFuture.failedFuture(failures.of(t, subject(name), KinesisCall.RESHARD)));
  }

  /** DeleteStream, with all of its records. */
  public CompletableFuture<Void> deleteStream(String name) {
    return client
        .deleteStream(b -> b.streamName(StreamName.parse(name).name()))
        .<Void>thenApply(r -> null)
        .exceptionallyCompose(
            t -> CompletableFuture.failedFuture(failures.of(t, subject(name), KinesisCall.DELETE)));
  }

  /** Asks until the stream is ACTIVE, or fails when that takes longer than the timeout. */
  public CompletableFuture<StreamDescription> awaitActive(
      String nameOrArn, Duration timeout, Scheduler scheduler) {
    SdkStream stream = stream(nameOrArn);
    return awaitActive(stream, scheduler, scheduler.nanoTime() + timeout.toNanos());
  }

  /** Where requests go, such as {@code Kinesis in eu-central-1}. */
  public String place() {
    return failures.place().text();
  }

  /** The region. */
  public String region() {
    return aws.region();
  }

  @Override
  public void close() {
    client.close();
    aws.close();
  }

  static String subject(String name) {
    return "stream '" + name + "'";
  }

  private SdkStream stream(String nameOrArn) {
    return stream(nameOrArn, System::nanoTime, Documents.ONE, false);
  }

  private SdkStream stream(
      String nameOrArn, LongSupplier nanoTime, Documents documents, boolean keepsReplayed) {
    StreamName name = StreamName.parse(nameOrArn);
    if (aws.endpointUrl().isEmpty()) {
      name.checkRegion(aws.region());
    }
    return new SdkStream(
        client, name, failures, this::listStreams, nanoTime, documents, keepsReplayed);
  }

  private CompletableFuture<List<String>> listStreams(List<String> found, int pagesLeft) {
    ListStreamsRequest.Builder request = ListStreamsRequest.builder();
    if (!found.isEmpty()) {
      request.exclusiveStartStreamName(found.get(found.size() - 1));
    }
    return client
        .listStreams(request.build())
        .thenCompose(
            page -> {
              found.addAll(page.streamNames());
              boolean more = Boolean.TRUE.equals(page.hasMoreStreams());
              return more && !page.streamNames().isEmpty() && pagesLeft > 1
                  ? listStreams(found, pagesLeft - 1)
                  : CompletableFuture.completedFuture(List.copyOf(found));
            });
  }

  private CompletableFuture<StreamDescription> awaitActive(
      SdkStream stream, Scheduler scheduler, long deadlineNanos) {
    return stream
        .describe()
        .thenCompose(
            description -> {
              if (description.status().equals("ACTIVE")) {
                return CompletableFuture.completedFuture(description);
              }
              if (scheduler.nanoTime() - deadlineNanos >= 0) {
                return CompletableFuture.failedFuture(notActive(description));
              }
              return scheduler
                  .sleep(STATUS_INTERVAL)
                  .thenCompose(waited -> awaitActive(stream, scheduler, deadlineNanos));
            });
  }

  private StreamFailure notActive(StreamDescription description) {
    String message =
        "Stream '" + description.name() + "' in " + place() + " is still " + description.status();
    return new StreamFailure(
        Kind.TRANSIENT,
        message,
        new WatershedException(ErrorCode.UNREACHABLE, message, "Wait a little, then try again."));
  }
}
