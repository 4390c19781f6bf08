package io.watershed.localkinesis;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** The real SDK, without retries: a test sees each answer. */
final class TestClients {
  // One for all tests of a JVM: opening and closing one takes seconds.
  private static final SdkAsyncHttpClient HTTP =
      NettyNioAsyncHttpClient.builder()
          .protocol(Protocol.HTTP1_1)
          .connectionTimeout(Duration.ofSeconds(5))
          .build();

  private TestClients() {}

  static KinesisAsyncClient to(URI endpoint) {
    return to(endpoint, WireFormat.CBOR, "test");
  }

  static KinesisAsyncClient to(URI endpoint, WireFormat format, String accessKey) {
    // The SDK reads this switch when a client is built, and has no other.
    System.setProperty("aws.cborEnabled", Boolean.toString(format == WireFormat.CBOR));
    try {
      return KinesisAsyncClient.builder()
          .region(Region.US_EAST_1)
          .endpointOverride(endpoint)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, "secret")))
          .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
          .httpClient(HTTP)
          .build();
    } finally {
      System.clearProperty("aws.cborEnabled");
    }
  }

  /** The result, or the service's exception itself. */
  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
