package io.watershed.server.http;

import io.watershed.core.config.ServerSettings.Tls;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Reads a certificate and its key from PEM files (RFC 7468). */
final class PemKeys {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final String[] ALGORITHMS = {"RSA", "EC", "Ed25519"};

  private PemKeys() {}

  /**
   * What Jetty takes.
   *
   * @throws WatershedException {@code config}
   */
  static SslContextFactory.Server load(Tls tls) {
    try {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(tls.certificate())));
      if (chain.isEmpty()) {
        throw broken(tls.certificate(), "it has no certificate", null);
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key(tls.key()), new char[0], chain.toArray(Certificate[]::new));
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setKeyStore(store);
      factory.setKeyStorePassword("");
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw broken(tls.certificate(), String.valueOf(e.getMessage()), e);
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException {
    Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw broken(file, "it has no unencrypted PKCS#8 key (BEGIN PRIVATE KEY)", null);
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
    GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw broken(file, "its key is none of RSA, EC, Ed25519", last);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw broken(file, "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  private static WatershedException broken(
      Path file, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new WatershedException(
        ErrorCode.CONFIG,
        "The TLS file " + file + " is not what it should be: " + why,
        "certificate: PEM, with its chain; key: PEM, PKCS#8 (openssl pkcs8 -topk8 -nocrypt).",
        cause);
  }
}
