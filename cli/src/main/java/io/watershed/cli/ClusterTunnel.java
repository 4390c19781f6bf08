package io.watershed.cli;

import io.watershed.cluster.ClusterInfo;
import io.watershed.cluster.PortForward;
import io.watershed.cluster.SshTunnel;
import io.watershed.core.config.ClusterSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.FilePasswordProvider;

/** The tunnel of a command: asks a person where OpenSSH would, and says what is forwarded. */
final class ClusterTunnel {
  private ClusterTunnel() {}

  /**
   * Prepares a tunnel to the primary node.
   *
   * @throws WatershedException {@code refused} if the cluster has no host name yet; else as {@link
   *     SshTunnel#prepare}
   */
  static SshTunnel prepare(
      CommandContext context,
      ClusterSettings settings,
      ClusterOptions.Ssh options,
      ClusterInfo cluster) {
    String host =
        cluster
            .host()
            .orElseThrow(
                () ->
                    new WatershedException(
                        ErrorCode.REFUSED,
                        "the cluster "
                            + cluster.id()
                            + " is "
                            + cluster.state()
                            + " and has no host name yet",
                        "Wait for it with '"
                            + context.again("cluster", "wait-for-cluster")
                            + "'."));
    return SshTunnel.prepare(
        new SshTunnel.Target(
            host, options.sshPort, ssh(context, settings, options), ports(settings, options)),
        passphrase(context),
        (name, fingerprint) -> options.acceptNew || isHis(context, name, fingerprint));
  }

  static List<PortForward> ports(ClusterSettings settings, ClusterOptions.Ssh options) {
    return (options.ports.isEmpty() ? settings.ssh().ports() : options.ports)
        .stream().map(PortForward::parse).toList();
  }

  private static ClusterSettings.Ssh ssh(
      CommandContext context, ClusterSettings settings, ClusterOptions.Ssh options) {
    ClusterSettings.Ssh configured = settings.ssh();
    return new ClusterSettings.Ssh(
        configured.user(),
        Optional.ofNullable(options.key)
            .map(key -> context.folder().resolve(key))
            .or(configured::privateKey),
        configured.knownHosts(),
        configured.ports());
  }

  private static boolean isHis(CommandContext context, String host, String fingerprint) {
    if (!context.console().terminals().in() || !context.console().terminal()) {
      return false;
    }
    context.console().say("The host key of " + host + " is not known: " + fingerprint);
    try {
      return new Confirmation(context).given("A host that is not known", "Is that its key?");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FilePasswordProvider passphrase(CommandContext context) {
    return (session, key, attempt) ->
        Optional.ofNullable(System.console())
            .filter(terminal -> context.console().terminals().in())
            .map(terminal -> terminal.readPassword("Passphrase of %s: ", key.getName()))
            .map(String::new)
            .orElse(null);
  }

  /** Says what is forwarded, and what happens to the connection. */
  static final class Reporter implements SshTunnel.Listener {
    private final Console console;
    private boolean before;

    Reporter(Console console) {
      this.console = console;
    }

    @Override
    public void connected(List<PortForward> ports) {
      console.say(
          (before ? "   connected again; " : "   ")
              + "forwarding "
              + ports.stream()
                  .map(port -> "127.0.0.1:" + port.local() + " to port " + port.remote())
                  .collect(Collectors.joining(", ")));
      before = true;
    }

    @Override
    public void lost(String why) {
      console.say("   " + why + "; connecting again");
    }
  }
}
