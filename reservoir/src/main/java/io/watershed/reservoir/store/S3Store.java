package io.watershed.reservoir.store;

import io.watershed.aws.AwsConnection;
import io.watershed.aws.AwsPlace;
import io.watershed.core.config.ReservoirSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Objects in an S3 bucket. Thread-safe. The SDK's retries are off: whoever retries a conditional
 * create must know it, because the answer to the second try is about the first (facts/iceberg.md,
 * rules 1 to 3).
 *
 * <p>A create is {@code PUT} with {@code If-None-Match: *}
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html): 412 says that
 * the name is taken, perhaps by an earlier try of ours; 409 that somebody else writes just now.
 */
public final class S3Store implements ObjectStore {
  private static final long MAX_SINGLE_UPLOAD_BYTES = 5L << 30;

  private final AwsConnection aws;
  private final S3AsyncClient s3;
  private final AwsPlace place;
  private final S3Location location;
  private final ReservoirSettings settings;
  private final Backoff backoff;
  private final InstantSource clock;
  private final Optional<String> kmsKey;

  private S3Store(
      AwsConnection aws,
      S3AsyncClient s3,
      S3Location location,
      ReservoirSettings settings,
      Backoff backoff,
      InstantSource clock,
      Optional<String> kmsKey) {
    this.aws = aws;
    this.s3 = s3;
    this.place = aws.place("S3");
    this.location = location;
    this.settings = settings;
    this.backoff = backoff;
    this.clock = clock;
    this.kmsKey = kmsKey;
  }

  /**
   * A store below this location; makes no request yet.
   *
   * @param aws closed with the store
   * @param backoff between the tries of one request
   * @param clock tells when the time for one request is up
   * @param kmsKey encrypts what is written (SSE-KMS); empty leaves it to the bucket's own setting
   */
  public static S3Store open(
      S3Location location,
      AwsConnection aws,
      ReservoirSettings settings,
      Backoff backoff,
      InstantSource clock,
      Optional<String> kmsKey) {
    S3AsyncClientBuilder builder = aws.configure(S3AsyncClient.builder());
    if (aws.endpointUrl().isPresent()) {
      // Look-alikes: no bucket in the host name, and no checksum trailers, which some store as
      // data.
      builder
          .forcePathStyle(true)
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    }
    return new S3Store(aws, builder.build(), location, settings, backoff, clock, kmsKey);
  }

  @Override
  public String root() {
    return location.root();
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    return read(key, null, maxBytes).map(Part::bytes);
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    return getPart(key, offset, length).bytes();
  }

  @Override
  public Part getPart(String key, long offset, int length) {
    String range = "bytes=" + offset + "-" + (offset + length - 1);
    return read(key, range, length).orElseThrow(() -> StoreErrors.missing(key, root()));
  }

  @Override
  public InputStream open(String key) {
    GetObjectRequest request = getRequest(key, null);
    return found(
            () -> await(s3.getObject(request, AsyncResponseTransformer.toBlockingInputStream())),
            "read",
            key)
        .orElseThrow(() -> StoreErrors.missing(key, root()));
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    String full = location.key(key);
    Optional<HeadObjectResponse> head =
        found(
            () -> await(s3.headObject(r -> r.bucket(location.bucket()).key(full))), "look at", key);
    return head.map(h -> new ObjectInfo(key, h.contentLength(), h.lastModified()));
  }

  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    PutObjectRequest request = putRequest(key).ifNoneMatch("*").build();
    Tries tries = new Tries("create", key);
    boolean mayHaveLanded = false;
    while (true) {
      try {
        await(s3.putObject(request, AsyncRequestBody.fromBytes(content)));
        return CreateOutcome.CREATED;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return CreateOutcome.UNKNOWN;
      } catch (ExecutionException e) {
        S3Failure failure = S3Failure.of(e, place, "create", key, root());
        if (failure.nameIsTaken()) {
          Optional<CreateOutcome> outcome = compare(key, content);
          if (outcome.isPresent()) {
            return outcome.get();
          }
        }
        mayHaveLanded |= failure.mayHaveLanded();
        if (!tries.goOn(failure)) {
          if (mayHaveLanded) {
            return CreateOutcome.UNKNOWN;
          }
          throw failure.error();
        }
      }
    }
  }

  /** Whose bytes they are; empty if the object is gone again. */
  private Optional<CreateOutcome> compare(String key, byte[] content) {
    try {
      Optional<ObjectInfo> present = stat(key);
      if (present.isPresent() && present.get().sizeBytes() != content.length) {
        return Optional.of(CreateOutcome.EXISTS);
      }
      return get(key, content.length)
          .map(
              bytes ->
                  Arrays.equals(bytes, content) ? CreateOutcome.CREATED : CreateOutcome.EXISTS);
    } catch (WatershedException e) {
      return Optional.of(CreateOutcome.UNKNOWN); // taken, but nobody tells by whom
    }
  }

  @Override
  public void put(String key, byte[] content) {
    PutObjectRequest request = putRequest(key).build();
    retrying(() -> await(s3.putObject(request, AsyncRequestBody.fromBytes(content))), "write", key);
  }

  @Override
  public void upload(String key, Path file) {
    PutObjectRequest request = putRequest(key).build();
    long bytes = size(file);
    if (bytes > MAX_SINGLE_UPLOAD_BYTES) {
      throw StoreErrors.tooLarge(key, bytes, MAX_SINGLE_UPLOAD_BYTES);
    }
    retrying(() -> await(s3.putObject(request, AsyncRequestBody.fromFile(file))), "write", key);
  }

  private PutObjectRequest.Builder putRequest(String key) {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(location.bucket()).key(location.key(key));
    // The bucket key spares a request to KMS per object.
    kmsKey.ifPresent(
        id ->
            request
                .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                .ssekmsKeyId(id)
                .bucketKeyEnabled(true));
    return request;
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    return () -> new Listing(prefix);
  }

  @Override
  public List<String> listFolders(String prefix) {
    ObjectKeys.checkPrefix(prefix);
    String full = location.prefix(prefix);
    List<String> folders = new ArrayList<>();
    String token = null;
    do {
      ListObjectsV2Response page = page(prefix, "/", token);
      for (CommonPrefix common : page.commonPrefixes()) {
        String name = common.prefix().substring(full.length(), common.prefix().length() - 1);
        if (ObjectKeys.isSegment(name)) {
          folders.add(name);
        }
      }
      token = page.nextContinuationToken();
    } while (token != null);
    return folders.stream().sorted().toList(); // S3 sorts them by name and slash
  }

  @Override
  public void delete(String key) {
    String full = location.key(key);
    retrying(
        () -> await(s3.deleteObject(r -> r.bucket(location.bucket()).key(full))), "delete", key);
  }

  @Override
  public void close() {
    s3.close();
    aws.close();
  }

  private Optional<Part> read(String key, @Nullable String range, long maxBytes) {
    GetObjectRequest request = getRequest(key, range);
    return found(
        () -> {
          try (ResponseInputStream<GetObjectResponse> in =
              await(s3.getObject(request, AsyncResponseTransformer.toBlockingInputStream()))) {
            if (in.response().contentLength() > maxBytes) {
              in.abort();
              throw StoreErrors.tooLarge(key, in.response().contentLength(), maxBytes);
            }
            String version = in.response().eTag();
            return new Part(in.readAllBytes(), version == null ? "" : version);
          } catch (IOException e) {
            throw new ExecutionException(e); // the connection was lost half way: try again
          }
        },
        "read",
        key);
  }

  private GetObjectRequest getRequest(String key, @Nullable String range) {
    return GetObjectRequest.builder()
        .bucket(location.bucket())
        .key(location.key(key))
        .range(range)
        .build();
  }

  private ListObjectsV2Response page(
      String prefix, @Nullable String delimiter, @Nullable String token) {
    return retrying(
        () ->
            await(
                s3.listObjectsV2(
                    r ->
                        r.bucket(location.bucket())
                            .prefix(location.prefix(prefix))
                            .delimiter(delimiter)
                            .continuationToken(token))),
        "list",
        prefix);
  }

  private static <T> T await(CompletableFuture<T> answer)
      throws InterruptedException, ExecutionException {
    return answer.get();
  }

  private <T> T retrying(Call<T> call, String verb, String key) {
    return attempt(call, verb, key, false).orElseThrow(() -> StoreErrors.missing(key, root()));
  }

  private <T> Optional<T> found(Call<T> call, String verb, String key) {
    return attempt(call, verb, key, true);
  }

  /** Repeats the call while that can help; empty if there is no such object. */
  private <T> Optional<T> attempt(Call<T> call, String verb, String key, boolean mayBeMissing) {
    Tries tries = new Tries(verb, key);
    while (true) {
      try {
        return Optional.of(call.run());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WatershedException(
            ErrorCode.CANCELLED, "Interrupted while asking " + place.text(), "", e);
      } catch (ExecutionException e) {
        S3Failure failure = S3Failure.of(e, place, verb, key, root());
        if (mayBeMissing && failure.isMissing()) {
          return Optional.empty();
        }
        if (!tries.goOn(failure)) {
          throw failure.error();
        }
      }
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE, "Cannot read " + file + ": " + e.getMessage(), "Check the disk.", e);
    }
  }

  private interface Call<T> {
    T run() throws InterruptedException, ExecutionException;
  }

  /** The bound of one request: how often, and for how long. */
  private final class Tries {
    private final String verb;
    private final String key;
    private final Instant deadline = clock.instant().plus(settings.storeDeadline());
    private int failures;

    Tries(String verb, String key) {
      this.verb = verb;
      this.key = key;
    }

    /** Waits for the next try; false if there is none. */
    boolean goOn(S3Failure failure) {
      failures++;
      if (!failure.retryable()
          || failures >= settings.storeAttempts()
          || clock.instant().isAfter(deadline)) {
        return false;
      }
      org.slf4j.LoggerFactory.getLogger(S3Store.class)
          .info("Could not {} '{}', try {}: {}", verb, key, failures, failure.error().getMessage());
      backoff.pause(failures);
      return true;
    }
  }

  /** Objects page by page. */
  private final class Listing implements Iterator<ObjectInfo> {
    private final String prefix;
    private final int rootLength;
    private ListObjectsV2Response page;
    private int next;

    Listing(String prefix) {
      this.prefix = prefix;
      this.rootLength = location.prefix("").length();
      this.page = page(prefix, null, null);
    }

    @Override
    public boolean hasNext() {
      while (next >= page.contents().size() && page.nextContinuationToken() != null) {
        page = S3Store.this.page(prefix, null, page.nextContinuationToken());
        next = 0;
      }
      return next < page.contents().size();
    }

    @Override
    public ObjectInfo next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      var object = page.contents().get(next++);
      return new ObjectInfo(
          object.key().substring(rootLength), object.size(), object.lastModified());
    }
  }
}
