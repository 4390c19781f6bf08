package io.watershed.cli;

import io.watershed.aws.AwsConnection;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** s3proxy in memory on a free port of loopback, with the bucket {@code bucket}. */
final class LocalS3 implements AutoCloseable {
  private final S3Proxy proxy;

  private LocalS3(S3Proxy proxy) {
    this.proxy = proxy;
  }

  static LocalS3 start() throws Exception {
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .ignoreUnknownHeaders(true)
            .build();
    proxy.start();
    LocalS3 s3 = new LocalS3(proxy);
    try (AwsConnection aws = AwsConnection.open(s3.access(), AwsClientSettings.DEFAULTS);
        S3AsyncClient client =
            aws.configure(S3AsyncClient.builder()).forcePathStyle(true).build()) {
      client.createBucket(b -> b.bucket("bucket")).get();
    }
    return s3;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
  }

  AwsAccess access() {
    return AwsAccess.local(url());
  }

  @Override
  public void close() throws Exception {
    proxy.stop();
  }
}
