package io.watershed.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;

/** A real SSH server on loopback (Apache MINA), which lets one key in and forwards. */
public final class SshServerProcess implements AutoCloseable {
  private final KeyPair host;
  private final PublicKey user;
  private SshServer server;
  private int port;

  private SshServerProcess(KeyPair host, PublicKey user) {
    this.host = host;
    this.user = user;
  }

  public static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As AWS gives it out. */
  public static Path pem(KeyPair key, Path file) throws IOException {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getPrivate().getEncoded());
    return Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
  }

  public static SshServerProcess start(KeyPair host, PublicKey user) throws IOException {
    SshServerProcess process = new SshServerProcess(host, user);
    process.listen(0);
    return process;
  }

  private void listen(int wanted) throws IOException {
    server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(wanted);
    server.setKeyPairProvider(session -> java.util.List.of(host));
    server.setPublickeyAuthenticator(
        (name, key, session) -> name.equals("hadoop") && KeyUtils.compareKeys(key, user));
    server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
    server.start();
    port = server.getPort();
  }

  public int port() {
    return port;
  }

  /** As if the machine lost its network for a moment. */
  public void restart() throws IOException {
    server.stop(true);
    listen(port);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
