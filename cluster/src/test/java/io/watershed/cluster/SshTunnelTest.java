package io.watershed.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SSH server, with a web server behind it. */
class SshTunnelTest {
  private static KeyPair user;
  private static KeyPair host;

  @TempDir Path folder;
  private SshServerProcess server;
  private HttpServer web;
  private Path knownHosts;
  private Path key;
  private final BlockingQueue<List<PortForward>> connections = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> losses = new LinkedBlockingQueue<>();

  @BeforeAll
  static void keys() {
    user = SshServerProcess.newKey();
    host = SshServerProcess.newKey();
  }

  @BeforeEach
  void start() throws IOException {
    server = SshServerProcess.start(host, user.getPublic());
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          byte[] body = "from the node".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    web.start();
    knownHosts = folder.resolve("ssh/known_hosts");
    key = SshServerProcess.pem(user, folder.resolve("key.pem"));
  }

  @AfterEach
  void stop() throws IOException {
    web.stop(0);
    server.close();
  }

  private SshTunnel tunnel(Path privateKey, boolean acceptNew, int local) {
    ClusterSettings.Ssh ssh =
        new ClusterSettings.Ssh("hadoop", Optional.of(privateKey), knownHosts, List.of());
    PortForward forward = new PortForward(local, web.getAddress().getPort());
    return SshTunnel.prepare(
        new SshTunnel.Target("127.0.0.1", server.port(), ssh, List.of(forward)),
        FilePasswordProvider.EMPTY,
        (name, fingerprint) -> acceptNew);
  }

  private Thread run(SshTunnel tunnel) {
    Thread thread =
        new Thread(
            () ->
                tunnel.run(
                    new SshTunnel.Listener() {
                      @Override
                      public void connected(List<PortForward> ports) {
                        connections.add(ports);
                      }

                      @Override
                      public void lost(String why) {
                        losses.add(why);
                      }
                    }));
    thread.start();
    return thread;
  }

  private static SshTunnel.Listener nobody() {
    return new SshTunnel.Listener() {
      @Override
      public void connected(List<PortForward> ports) {}

      @Override
      public void lost(String why) {}
    };
  }

  private List<PortForward> connected() throws InterruptedException {
    List<PortForward> ports = connections.poll(60, TimeUnit.SECONDS);
    assertThat(ports).as("connected").isNotNull();
    return ports;
  }

  private static String get(int port) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void aForwardedPortCarriesHttpUntilItIsClosed() throws Exception {
    SshTunnel tunnel = tunnel(key, true, 0);
    Thread thread = run(tunnel);
    int local = connected().get(0).local();
    assertThat(get(local)).isEqualTo("from the node");
    tunnel.close();
    thread.join(30_000);
    assertThat(thread.isAlive()).isFalse();
    assertThatThrownBy(() -> get(local)).isInstanceOf(IOException.class);
    assertThat(losses).isEmpty();
  }

  /** As EC2 gives them out: in OpenSSH's own form. */
  @Test
  void anEd25519KeyOpensAHostWithAnEd25519Key() throws Exception {
    KeyPair own = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
    Path file = folder.resolve("ed25519.pem");
    try (OutputStream out = Files.newOutputStream(file)) {
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(own, "ops", null, out);
    }
    server.close();
    server =
        SshServerProcess.start(
            KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256), own.getPublic());
    SshTunnel tunnel = tunnel(file, true, 0);
    Thread thread = run(tunnel);
    assertThat(get(connected().get(0).local())).isEqualTo("from the node");
    assertThat(Files.readString(knownHosts)).contains("ssh-ed25519");
    tunnel.close();
    thread.join(30_000);
  }

  @Test
  void aLostConnectionIsMadeAgainOnTheSamePort() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      int local = free.getLocalPort();
      free.close();
      SshTunnel tunnel = tunnel(key, true, local);
      Thread thread = run(tunnel);
      assertThat(connected().get(0).local()).isEqualTo(local);
      server.restart();
      assertThat(losses.poll(60, TimeUnit.SECONDS)).contains("was lost");
      assertThat(connected().get(0).local()).isEqualTo(local);
      assertThat(get(local)).isEqualTo("from the node");
      tunnel.close();
      thread.join(30_000);
      assertThat(thread.isAlive()).isFalse();
    }
  }

  @Test
  void anUnknownHostIsRefusedUnlessSomebodySaysItIsRight() {
    try (SshTunnel tunnel = tunnel(key, false, 0)) {
      WatershedException e =
          catchThrowableOfType(WatershedException.class, () -> tunnel.run(nobody()));
      assertThat(e.code()).isEqualTo(ErrorCode.REFUSED);
      assertThat(e).hasMessageContaining("not known").hasMessageContaining("SHA256:");
    }
    assertThat(knownHosts).doesNotExist();
  }

  @Test
  void aHostThatWasLetInOnceIsKnownAndAChangedKeyIsNeverLetIn() throws Exception {
    SshTunnel first = tunnel(key, true, 0);
    Thread thread = run(first);
    connected();
    first.close();
    thread.join(30_000);
    assertThat(Files.readString(knownHosts)).contains("ssh-rsa");

    SshTunnel known = tunnel(key, false, 0);
    Thread again = run(known);
    connected();
    known.close();
    again.join(30_000);

    int port = server.port();
    server.close();
    // Another server on the same address: somebody in between.
    Files.writeString(knownHosts, Files.readString(knownHosts).replace(":" + port, ":" + port));
    try (SshServerProcess other =
        SshServerProcess.start(SshServerProcess.newKey(), user.getPublic())) {
      Files.writeString(
          knownHosts, Files.readString(knownHosts).replace("" + port, "" + other.port()));
      server = other;
      try (SshTunnel tunnel = tunnel(key, true, 0)) {
        WatershedException e =
            catchThrowableOfType(WatershedException.class, () -> tunnel.run(nobody()));
        assertThat(e.code()).isEqualTo(ErrorCode.REFUSED);
        assertThat(e).hasMessageContaining("is not the one in");
        assertThat(e.hint()).contains("ssh-keygen -R");
      }
    }
  }

  @Test
  void aWrongKeyIsNotTaken() throws Exception {
    Path other = SshServerProcess.pem(SshServerProcess.newKey(), folder.resolve("other.pem"));
    try (SshTunnel tunnel = tunnel(other, true, 0)) {
      WatershedException e =
          catchThrowableOfType(WatershedException.class, () -> tunnel.run(nobody()));
      assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
      assertThat(e).hasMessageContaining("does not take the key").hasMessageContaining("other.pem");
    }
  }

  @Test
  void whatIsWrongOnThisMachineIsSaidBeforeAnythingIsContacted() throws Exception {
    assertThatThrownBy(() -> tunnel(folder.resolve("none.pem"), true, 0))
        .hasMessageContaining("none.pem is not there");
    Path noKey = Files.writeString(folder.resolve("no.pem"), "hello");
    assertThatThrownBy(() -> tunnel(noKey, true, 0)).hasMessageContaining("holds no private key");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      WatershedException e =
          catchThrowableOfType(
              WatershedException.class, () -> tunnel(key, true, taken.getLocalPort()));
      assertThat(e).hasMessageContaining("local port " + taken.getLocalPort() + " is taken");
      assertThat(e.hint()).contains("--port");
    }
  }

  @Test
  void aNodeThatDoesNotAnswerIsSaidToBeUnreachable() throws Exception {
    server.close();
    try (SshTunnel tunnel = tunnel(key, true, 0)) {
      WatershedException e =
          catchThrowableOfType(WatershedException.class, () -> tunnel.run(nobody()));
      assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(e.hint()).contains("security group");
    }
  }
}
