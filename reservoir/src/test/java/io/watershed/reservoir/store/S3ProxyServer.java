package io.watershed.reservoir.store;

import io.watershed.aws.AwsConnection;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.config.ReservoirSettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** s3proxy in this process, in memory. Starting takes seconds: share one per test class. */
public final class S3ProxyServer implements AutoCloseable {
  private final S3Proxy proxy;
  private final List<ObjectStore> stores = new CopyOnWriteArrayList<>();

  public S3ProxyServer() throws Exception {
    proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .ignoreUnknownHeaders(true)
            .build();
    proxy.start();
    try (AwsConnection aws = connection();
        S3AsyncClient s3 = aws.configure(S3AsyncClient.builder()).forcePathStyle(true).build()) {
      s3.createBucket(b -> b.bucket("reservoirs")).get();
    }
  }

  public AwsAccess access() {
    return AwsAccess.local(URI.create("http://127.0.0.1:" + proxy.getPort()));
  }

  /** A store that is closed with the server: Netty takes two seconds to close a client. */
  public ObjectStore store(String prefix) {
    ObjectStore store =
        S3Store.open(
            S3Location.parse("s3://reservoirs/" + prefix),
            connection(),
            ReservoirSettings.DEFAULTS,
            Pauses.NONE,
            InstantSource.system(),
            Optional.empty());
    stores.add(store);
    return store;
  }

  private AwsConnection connection() {
    return AwsConnection.open(access(), AwsClientSettings.DEFAULTS);
  }

  @Override
  public void close() throws Exception {
    List<Thread> closing =
        stores.stream().map(store -> new Thread(store::close, "close-store")).toList();
    closing.forEach(Thread::start);
    for (Thread thread : closing) {
      thread.join();
    }
    proxy.stop();
  }

  /** Pauses that take no time. */
  public static final class Pauses {
    public static final Backoff NONE =
        new Backoff(
            ReservoirSettings.DEFAULTS.firstPause(),
            ReservoirSettings.DEFAULTS.longestPause(),
            new Random(1),
            Sleeper.NONE);

    private Pauses() {}
  }
}
