package io.watershed.aws;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/** Opens the HTTP client of a connection: Netty, HTTP/1.1, everything bounded. */
final class HttpClients {
  private static final long CLOSE_SECONDS = 1;

  private HttpClients() {}

  static SdkAsyncHttpClient open(AwsAccess access, AwsClientSettings settings) {
    NioEventLoopGroup loops = new NioEventLoopGroup(0, new DefaultThreadFactory("aws-http", true));
    NettyNioAsyncHttpClient.Builder builder =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
            .protocol(Protocol.HTTP1_1) // the emulators speak nothing else
            .maxConcurrency(settings.maxConnections())
            .maxPendingConnectionAcquires(settings.maxWaitingRequests())
            .connectionTimeout(settings.connectTimeout())
            .tlsNegotiationTimeout(settings.connectTimeout())
            .connectionAcquisitionTimeout(settings.connectTimeout())
            .readTimeout(settings.idleTimeout())
            .writeTimeout(settings.idleTimeout());
    if (access.endpointUrl().filter(LocalEndpoint::is).isPresent()) {
      builder.proxyConfiguration(withoutProxy());
    }
    return new OwnLoops(builder.build(), loops);
  }

  /**
   * Closes its event loops itself: the SDK would wait for two quiet seconds, which is longer than
   * most commands take.
   */
  private record OwnLoops(SdkAsyncHttpClient client, NioEventLoopGroup loops)
      implements SdkAsyncHttpClient {
    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      return client.execute(request);
    }

    @Override
    public String clientName() {
      return client.clientName();
    }

    @Override
    public void close() {
      client.close();
      loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** A proxy from the environment cannot reach this machine's loopback. */
  private static ProxyConfiguration withoutProxy() {
    return ProxyConfiguration.builder()
        .useEnvironmentVariableValues(false)
        .useSystemPropertyValues(false)
        .build();
  }
}
