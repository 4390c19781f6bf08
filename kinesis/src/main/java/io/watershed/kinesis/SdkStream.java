package io.watershed.kinesis;

import io.watershed.core.config.PayloadSettings.Documents;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Incarnation;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.StreamFailure.Kind;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ChildShard;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/**
 * One stream over the SDK. The first description pins the incarnation: positions of another one
 * must never be mixed in, so requests that start reading check (at most every few seconds) that the
 * stream was not deleted and created again.
 */
final class SdkStream implements StreamSource, StreamSink {
  private static final long DEFAULT_MAX_RECORD_BYTES = 1 << 20;
  private static final int MAX_PAGES = 1_000;
  private static final int MAX_SUGGESTIONS = 5;
  private static final long INCARNATION_CHECK_NANOS = Duration.ofSeconds(5).toNanos();

  private final KinesisAsyncClient client;
  private final StreamName stream;
  private final KinesisFailures failures;
  private final Supplier<CompletableFuture<List<String>>> listStreams;
  private final LongSupplier nanoTime;
  private final Documents documents;
  private final boolean keepsReplayed;
  private final AtomicReference<@Nullable Pin> pin = new AtomicReference<>();

  SdkStream(
      KinesisAsyncClient client,
      StreamName stream,
      KinesisFailures failures,
      Supplier<CompletableFuture<List<String>>> listStreams,
      LongSupplier nanoTime,
      Documents documents,
      boolean keepsReplayed) {
    this.client = client;
    this.stream = stream;
    this.failures = failures;
    this.listStreams = listStreams;
    this.nanoTime = nanoTime;
    this.documents = documents;
    this.keepsReplayed = keepsReplayed;
  }

  @Override
  public CompletableFuture<StreamDescription> describe() {
    long asked = nanoTime.getAsLong();
    return checked(
            client.describeStreamSummary(
                b -> stream.arn().ifPresentOrElse(b::streamARN, () -> b.streamName(stream.name()))),
            KinesisCall.DESCRIBE)
        .thenApply(
            response -> {
              StreamDescription description = description(response.streamDescriptionSummary());
              Incarnation incarnation = description.incarnation();
              pin.updateAndGet(
                  old ->
                      old == null || old.incarnation().equals(incarnation)
                          ? new Pin(incarnation, asked)
                          : old);
              return description;
            });
  }

  @Override
  public CompletableFuture<List<Shard>> listShards() {
    return checkIncarnation()
        .thenCompose(
            incarnation -> listShards(incarnation, firstPage(), new ArrayList<>(), MAX_PAGES));
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, StartingPoint startingPoint) {
    return checkIncarnation()
        .thenCompose(
            incarnation ->
                checked(
                    client.getShardIterator(iteratorRequest(shardId, startingPoint)),
                    KinesisCall.ITERATOR))
        .thenApply(response -> response.shardIterator());
  }

  @Override
  public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
    Pin pinned = pin.get();
    if (pinned == null) {
      return describe().thenCompose(d -> read(shardId, iterator, maxRecords));
    }
    ShardKey shard = new ShardKey(pinned.incarnation().id(), shardId);
    return checked(
            client.getRecords(
                b -> {
                  b.shardIterator(iterator).limit(maxRecords);
                  stream.arn().ifPresent(b::streamARN);
                }),
            KinesisCall.READ)
        .thenApply(response -> batch(shard, response));
  }

  @Override
  public CompletableFuture<List<Shard>> openShards() {
    ListShardsRequest open =
        firstPage().toBuilder().shardFilter(f -> f.type(ShardFilterType.AT_LATEST)).build();
    return checkIncarnation()
        .thenCompose(incarnation -> listShards(incarnation, open, new ArrayList<>(), MAX_PAGES));
  }

  @Override
  public Optional<StreamSource> reader() {
    return Optional.of(this);
  }

  @Override
  public CompletableFuture<List<PutResult>> put(List<PutEntry> entries) {
    List<PutRecordsRequestEntry> records = entries.stream().map(SdkStream::entry).toList();
    return checked(
            client.putRecords(
                b -> {
                  b.records(records);
                  stream.arn().ifPresentOrElse(b::streamARN, () -> b.streamName(stream.name()));
                }),
            KinesisCall.PUT)
        .thenCompose(
            response ->
                response.records().size() == entries.size()
                    ? CompletableFuture.completedFuture(
                        response.records().stream().map(SdkStream::result).toList())
                    : CompletableFuture.failedFuture(
                        new StreamFailure(
                            Kind.TRANSIENT,
                            "PutRecords answered for "
                                + response.records().size()
                                + " of "
                                + entries.size()
                                + " records",
                            null)));
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public boolean keepsReplayed() {
    return keepsReplayed;
  }

  /** Nothing to close: the client is shared. */
  @Override
  public void close() {}

  private CompletableFuture<Incarnation> checkIncarnation() {
    Pin pinned = pin.get();
    if (pinned != null && nanoTime.getAsLong() - pinned.checkedNanos() < INCARNATION_CHECK_NANOS) {
      return CompletableFuture.completedFuture(pinned.incarnation());
    }
    return describe()
        .thenCompose(
            description -> {
              Pin now = pin.get();
              if (now == null || now.incarnation().equals(description.incarnation())) {
                return CompletableFuture.completedFuture(description.incarnation());
              }
              return CompletableFuture.failedFuture(createdAgain(description));
            });
  }

  private StreamFailure createdAgain(StreamDescription description) {
    String message =
        "Stream '"
            + stream.name()
            + "' was deleted and created again at "
            + description.incarnation().createdAt();
    return new StreamFailure(
        Kind.NOT_FOUND,
        message,
        new WatershedException(
            ErrorCode.STREAM_NOT_FOUND,
            message,
            "What was not read of the earlier one is gone; open the stream again to read the new"
                + " one."));
  }

  private ListShardsRequest firstPage() {
    ListShardsRequest.Builder request = ListShardsRequest.builder();
    stream.arn().ifPresentOrElse(request::streamARN, () -> request.streamName(stream.name()));
    return request.build();
  }

  private CompletableFuture<List<Shard>> listShards(
      Incarnation incarnation, ListShardsRequest page, List<Shard> found, int pagesLeft) {
    return checked(client.listShards(page), KinesisCall.LIST_SHARDS)
        .thenCompose(
            response -> {
              response.shards().forEach(shard -> found.add(shard(incarnation.id(), shard)));
              String next = response.nextToken();
              if (next == null) {
                return CompletableFuture.completedFuture(List.copyOf(found));
              }
              if (pagesLeft <= 1) {
                return CompletableFuture.failedFuture(
                    new StreamFailure(
                        Kind.PERMANENT,
                        "ListShards of stream '" + stream.name() + "' has no end",
                        null));
              }
              ListShardsRequest more = ListShardsRequest.builder().nextToken(next).build();
              return listShards(incarnation, more, found, pagesLeft - 1);
            });
  }

  private GetShardIteratorRequest iteratorRequest(String shardId, StartingPoint point) {
    GetShardIteratorRequest.Builder request = GetShardIteratorRequest.builder().shardId(shardId);
    stream.arn().ifPresentOrElse(request::streamARN, () -> request.streamName(stream.name()));
    if (point instanceof StartingPoint.At at) {
      request
          .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
          .startingSequenceNumber(at.sequenceNumber().decimal());
    } else if (point instanceof StartingPoint.After after) {
      request
          .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
          .startingSequenceNumber(after.sequenceNumber().decimal());
    } else if (point instanceof StartingPoint.AtTimestamp at) {
      request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(at.time());
    } else if (point instanceof StartingPoint.Latest) {
      request.shardIteratorType(ShardIteratorType.LATEST);
    } else {
      request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
    }
    return request.build();
  }

  private <T> CompletableFuture<T> checked(CompletableFuture<T> call, KinesisCall kind) {
    return call.exceptionallyCompose(
        thrown -> {
          StreamFailure failure = failures.of(thrown, subject(), kind);
          return failure.kind() == Kind.NOT_FOUND
              ? this.<T>notFound(failure)
              : CompletableFuture.failedFuture(failure);
        });
  }

  /** Says which streams there are, if the credentials may know. */
  private <T> CompletableFuture<T> notFound(StreamFailure failure) {
    return listStreams
        .get()
        .exceptionally(thrown -> List.of())
        .thenCompose(names -> CompletableFuture.failedFuture(notFound(failure, names)));
  }

  private StreamFailure notFound(StreamFailure failure, List<String> names) {
    if (names.isEmpty()) {
      return failure;
    }
    WatershedException error = failure.toError();
    String hint =
        names.contains(stream.name())
            ? "The stream exists: a shard that was asked for does not, or the account differs."
            : "Streams there: "
                + String.join(", ", NearestNames.of(stream.name(), names, MAX_SUGGESTIONS))
                + (names.size() > MAX_SUGGESTIONS ? ", …" : "")
                + ". If it should be among them, check the region.";
    return new StreamFailure(
        failure.kind(),
        String.valueOf(failure.getMessage()),
        new WatershedException(error.code(), String.valueOf(error.getMessage()), hint, failure));
  }

  private String subject() {
    return KinesisStreams.subject(stream.name());
  }

  private static StreamDescription description(StreamDescriptionSummary summary) {
    Integer maxKib = summary.maxRecordSizeInKiB();
    return new StreamDescription(
        summary.streamName(),
        new Incarnation(summary.streamARN(), summary.streamCreationTimestamp()),
        summary.streamStatusAsString(),
        Duration.ofHours(summary.retentionPeriodHours()),
        summary.openShardCount(),
        maxKib == null ? DEFAULT_MAX_RECORD_BYTES : maxKib * 1024L);
  }

  private static ReadBatch batch(ShardKey shard, GetRecordsResponse response) {
    List<StreamRecord> records =
        response.records().stream().map(record -> record(shard, record)).toList();
    // Every real answer says how far behind it is; one that does not is at the tip if it is empty.
    Long behind = response.millisBehindLatest();
    long millisBehind = behind == null ? (records.isEmpty() ? 0 : 1) : behind;
    return new ReadBatch(
        records,
        Optional.ofNullable(response.nextShardIterator()),
        millisBehind,
        response.childShards().stream().map(c -> child(shard.incarnation(), c)).toList());
  }

  private static StreamRecord record(ShardKey shard, Record record) {
    String key = record.partitionKey();
    Instant arrival = record.approximateArrivalTimestamp();
    return new StreamRecord(
        shard,
        ShardPosition.of(SequenceNumber.parse(record.sequenceNumber())),
        key == null ? "" : key,
        arrival == null ? Instant.EPOCH : arrival,
        record.data().asByteArrayUnsafe());
  }

  private static Shard shard(
      String incarnation, software.amazon.awssdk.services.kinesis.model.Shard shard) {
    List<String> parents =
        Stream.of(
                Optional.ofNullable(shard.parentShardId()),
                Optional.ofNullable(shard.adjacentParentShardId()))
            .flatMap(Optional::stream)
            .toList();
    return new Shard(
        new ShardKey(incarnation, shard.shardId()), parents, range(shard.hashKeyRange()));
  }

  private static Shard child(String incarnation, ChildShard child) {
    return new Shard(
        new ShardKey(incarnation, child.shardId()),
        child.parentShards(),
        range(child.hashKeyRange()));
  }

  private static Shard.HashRange range(HashKeyRange range) {
    return new Shard.HashRange(
        new BigInteger(range.startingHashKey()), new BigInteger(range.endingHashKey()));
  }

  private static PutRecordsRequestEntry entry(PutEntry entry) {
    PutRecordsRequestEntry.Builder record =
        PutRecordsRequestEntry.builder()
            .partitionKey(entry.partitionKey())
            .data(SdkBytes.fromByteArrayUnsafe(entry.payload()));
    entry.explicitHashKey().ifPresent(hash -> record.explicitHashKey(hash.toString()));
    return record.build();
  }

  private static PutResult result(PutRecordsResultEntry result) {
    String error = result.errorCode();
    if (error == null) {
      return new PutResult.Written(result.shardId(), SequenceNumber.parse(result.sequenceNumber()));
    }
    boolean throttled =
        error.equals("ProvisionedThroughputExceededException")
            || error.equals("KMSThrottlingException");
    return new PutResult.Rejected(throttled, error, String.valueOf(result.errorMessage()));
  }

  /** The incarnation that this reads, and when it was last seen to be the stream's. */
  private record Pin(Incarnation incarnation, long checkedNanos) {}
}
