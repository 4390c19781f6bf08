package io.watershed.cluster;

import io.watershed.core.config.ClusterSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.client.session.forward.ExplicitPortForwardingTracker;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * SSH to the primary node, with local ports that lead to ports of it. The connection is checked
 * every few seconds and made again when it is lost. Close it from any thread.
 */
public final class SshTunnel implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final int UNANSWERED_HEARTBEATS = 2;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final SshClient client;
  private final HostKeys hostKeys;
  private final Target target;
  private volatile Optional<ClientSession> session = Optional.empty();
  private volatile boolean closed;

  private SshTunnel(SshClient client, HostKeys hostKeys, Target target) {
    this.client = client;
    this.hostKeys = hostKeys;
    this.target = target;
  }

  /**
   * Where to, and with what.
   *
   * @param host the primary node
   * @param port of its SSH server
   * @param ssh user and files
   * @param ports what to forward
   */
  public record Target(String host, int port, ClusterSettings.Ssh ssh, List<PortForward> ports) {
    public Target {
      ports = List.copyOf(ports);
    }
  }

  /** Hears of the connection. */
  public interface Listener {
    /** Forwarding, for the first time or again; the ports as they are bound. */
    void connected(List<PortForward> ports);

    /** The connection is gone; it is made again. */
    void lost(String why);
  }

  /**
   * Prepares a tunnel: reads the key, looks whether the local ports are free. Nothing is contacted.
   *
   * @param passphrase asked for if the key's file is encrypted
   * @param question asked about a host that is not known
   * @throws WatershedException {@code config} for the key's file; {@code invalid-input} for a local
   *     port that is taken
   */
  public static SshTunnel prepare(
      Target target, FilePasswordProvider passphrase, HostKeys.Question question) {
    Path key =
        target
            .ssh()
            .privateKey()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.CONFIG,
                        "nothing says which private key opens the primary node",
                        "Name its file with -k (--private-key), or as 'private_key' in the part"
                            + " 'cluster' of the configuration."));
    KeyPair pair = load(key, passphrase);
    target.ports().forEach(SshTunnel::requireFree);
    HostKeys hostKeys = new HostKeys(target.ssh().knownHosts(), question);
    SshClient client = SshClient.setUpDefaultClient();
    // ~/.ssh/config and default keys of this user are none of ours.
    client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    client.setKeyIdentityProvider(sessionContext -> List.of(pair));
    client.setServerKeyVerifier(hostKeys.verifier());
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED_HEARTBEATS);
    CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
    client.start();
    return new SshTunnel(client, hostKeys, target);
  }

  private static KeyPair load(Path key, FilePasswordProvider passphrase) {
    if (!Files.isReadable(key)) {
      throw new WatershedException(
          ErrorCode.CONFIG,
          "the private key " + key + (Files.exists(key) ? " may not be read" : " is not there"),
          "Name the .pem file of the cluster's key pair with -k.");
    }
    try {
      FileKeyPairProvider provider = new FileKeyPairProvider(key);
      provider.setPasswordFinder(passphrase);
      for (KeyPair pair : provider.loadKeys(null)) {
        return pair;
      }
    } catch (RuntimeException e) {
      throw badKey(key, e);
    }
    throw badKey(key, null);
  }

  private static WatershedException badKey(
      Path key, @org.jspecify.annotations.Nullable Exception e) {
    String message = key + " holds no private key that can be used";
    String hint = "It has to be a private key in PEM or OpenSSH form; check its passphrase.";
    return e == null
        ? new WatershedException(ErrorCode.CONFIG, message, hint)
        : new WatershedException(ErrorCode.CONFIG, message, hint, e);
  }

  private static void requireFree(PortForward port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.local()));
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "the local port " + port.local() + " is taken",
          "End what uses it, or forward another one: --port "
              + (port.local() + 10_000)
              + ":"
              + port.remote()
              + ".",
          e);
    }
  }

  /**
   * Connects, and forwards until {@link #close}. Blocks the calling thread.
   *
   * @throws WatershedException {@code unreachable}, {@code refused} or {@code access-denied} if the
   *     first connection fails; a later one is tried again for ever
   */
  public void run(Listener listener) {
    Duration pause = FIRST_PAUSE;
    boolean first = true;
    while (!closed) {
      try (ClientSession connected = connect()) {
        session = Optional.of(connected);
        listener.connected(forward(connected));
        first = false;
        pause = FIRST_PAUSE;
        connected.waitFor(EnumSet.of(ClientSessionEvent.CLOSED), Duration.ZERO);
        if (!closed) {
          listener.lost("the connection to " + target.host() + " was lost");
        }
      } catch (WatershedException e) {
        if (closed) {
          return;
        }
        if (first) {
          throw e;
        }
        listener.lost(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        if (!closed) {
          listener.lost("the connection to " + target.host() + " ended: " + e.getMessage());
        }
      }
      session = Optional.empty();
      if (!closed && !first) {
        sleep(pause);
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    }
  }

  private ClientSession connect() throws IOException {
    ClientSession connected = null;
    try {
      connected =
          client
              .connect(target.ssh().user(), target.host(), target.port())
              .verify(CONNECT.toMillis(), TimeUnit.MILLISECONDS)
              .getSession();
      connected.auth().verify(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
      return connected;
    } catch (IOException e) {
      if (connected != null) {
        connected.close(true);
      }
      throw failure(e, connected != null);
    }
  }

  private WatershedException failure(IOException e, boolean reached) {
    Optional<WatershedException> refused = hostKeys.refusal();
    if (refused.isPresent()) {
      return refused.get();
    }
    String place = target.ssh().user() + "@" + target.host();
    if (reached && e instanceof SshException && String.valueOf(e.getMessage()).contains("auth")) {
      return new WatershedException(
          ErrorCode.ACCESS_DENIED,
          place
              + " does not take the key "
              + target.ssh().privateKey().map(Path::toString).orElse(""),
          "It has to be the key pair that the cluster was launched with ('key_pair').",
          e);
    }
    return new WatershedException(
        ErrorCode.UNREACHABLE,
        "no SSH to " + place + " on port " + target.port() + ": " + e.getMessage(),
        "Check that the security group of the primary node lets this machine in on port "
            + target.port()
            + ", and that the node can be reached from here.",
        e);
  }

  private List<PortForward> forward(ClientSession connected) throws IOException {
    List<PortForward> bound = new ArrayList<>();
    for (PortForward port : target.ports()) {
      ExplicitPortForwardingTracker tracker =
          connected.createLocalPortForwardingTracker(
              new SshdSocketAddress("127.0.0.1", port.local()),
              new SshdSocketAddress(target.host(), port.remote()));
      bound.add(new PortForward(tracker.getBoundAddress().getPort(), port.remote()));
    }
    return bound;
  }

  private void sleep(Duration time) {
    try {
      synchronized (this) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      notifyAll();
    }
    session.ifPresent(open -> open.close(true));
    client.stop();
  }
}
