package io.watershed.aws;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;

/** Opens the HTTP client of a connection: Netty, HTTP/1.1, everything bounded. */
final class HttpClients {
  private HttpClients() {}

  static SdkAsyncHttpClient open(AwsAccess access, AwsClientSettings settings) {
    NettyNioAsyncHttpClient.Builder builder =
        NettyNioAsyncHttpClient.builder()
            .protocol(Protocol.HTTP1_1) // the emulators speak nothing else
            .maxConcurrency(settings.maxConnections())
            .maxPendingConnectionAcquires(settings.maxWaitingRequests())
            .connectionTimeout(settings.connectTimeout())
            .tlsNegotiationTimeout(settings.connectTimeout())
            .connectionAcquisitionTimeout(settings.idleTimeout())
            .readTimeout(settings.idleTimeout())
            .writeTimeout(settings.idleTimeout());
    if (access.endpointUrl().filter(LocalEndpoint::is).isPresent()) {
      builder.proxyConfiguration(withoutProxy());
    }
    return builder.build();
  }

  /** A proxy from the environment cannot reach this machine's loopback. */
  private static ProxyConfiguration withoutProxy() {
    return ProxyConfiguration.builder()
        .useEnvironmentVariableValues(false)
        .useSystemPropertyValues(false)
        .build();
  }
}
