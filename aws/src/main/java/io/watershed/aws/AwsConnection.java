package io.watershed.aws;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Region, credentials and one HTTP client, made from {@link AwsAccess}; builds the asynchronous
 * clients of any service:
 *
 * <pre>{@code
 * AwsConnection aws = AwsConnection.open(access, AwsClientSettings.DEFAULTS);
 * S3AsyncClient s3 = aws.configure(S3AsyncClient.builder()).forcePathStyle(true).build();
 * }</pre>
 *
 * <p>Opening makes no request to a service, except that the region may come from the instance that
 * this runs on. Close the service clients first, then this. Thread-safe.
 */
public final class AwsConnection implements AutoCloseable {
  private final AwsAccess access;
  private final AwsClientSettings settings;
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final SdkAsyncHttpClient http;

  private AwsConnection(
      AwsAccess access,
      AwsClientSettings settings,
      Region region,
      AwsCredentialsProvider credentials,
      SdkAsyncHttpClient http) {
    this.access = access;
    this.settings = settings;
    this.region = region;
    this.credentials = credentials;
    this.http = http;
  }

  /**
   * Finds region and credentials, and opens the HTTP client.
   *
   * @throws io.watershed.core.error.WatershedException {@code config} when no region is found, the
   *     profile does not exist, or local credentials are asked for an endpoint that is not local
   */
  public static AwsConnection open(AwsAccess access, AwsClientSettings settings) {
    LocalEndpoint.check(access);
    Region region = RegionLookup.system().find(access);
    AwsCredentialsProvider credentials = CredentialsLookup.find(access, region);
    return new AwsConnection(
        access, settings, region, credentials, HttpClients.open(access, settings));
  }

  /**
   * Sets region, credentials, endpoint, HTTP client and timeouts, and switches the SDK's retries
   * off: a retry that the caller does not know of can write A, B, A, B, or hide a lost answer.
   */
  public <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B configure(
      B builder) {
    access.endpointUrl().ifPresent(builder::endpointOverride);
    return builder
        .region(region)
        .credentialsProvider(credentials)
        .httpClient(http)
        .overrideConfiguration(
            c ->
                c.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallAttemptTimeout(settings.requestTimeout())
                    .apiCallTimeout(settings.requestTimeout()));
  }

  /** What this connection was made from. */
  public AwsAccess access() {
    return access;
  }

  /** The region, such as {@code eu-central-1}. */
  public String region() {
    return region.id();
  }

  /** The endpoint, if it is not the region's own. */
  public Optional<URI> endpointUrl() {
    return access.endpointUrl();
  }

  /** Where requests go, for a sentence: the endpoint's URL, or the region's own endpoint. */
  public AwsPlace place(String service) {
    return new AwsPlace(service, region.id(), access.endpointUrl(), access.profile());
  }

  /** Closes the HTTP client, and what renews the credentials. */
  @Override
  public void close() {
    http.close();
    if (credentials instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }
}
