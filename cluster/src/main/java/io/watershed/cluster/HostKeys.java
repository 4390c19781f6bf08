package io.watershed.cluster;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Host keys as OpenSSH keeps them: a known one is let in, a changed one never, an unknown one when
 * somebody says so; then it is written down. Thread-safe.
 */
public final class HostKeys {
  private static final Logger LOG = LoggerFactory.getLogger(HostKeys.class);

  private final Path file;
  private final Question question;
  private final AtomicReference<Optional<WatershedException>> refusal =
      new AtomicReference<>(Optional.empty());

  /** Somebody who knows, or does not. */
  @FunctionalInterface
  public interface Question {
    /**
     * Whether this is the host's key.
     *
     * @param fingerprint such as {@code SHA256:…}, as {@code ssh-keygen -l} prints it
     */
    boolean isHis(String host, String fingerprint);
  }

  HostKeys(Path file, Question question) {
    this.file = file;
    this.question = question;
  }

  ServerKeyVerifier verifier() {
    KnownHostsServerKeyVerifier verifier =
        new KnownHostsServerKeyVerifier((session, remote, key) -> ask(remote, key), file);
    verifier.setModifiedServerKeyAcceptor(
        (session, remote, entry, expected, actual) -> {
          refuse(
              "the host key of " + name(remote) + " is not the one in " + file,
              "Somebody may be in between. If the cluster is a new one under an old name, take the"
                  + " line out: ssh-keygen -R "
                  + name(remote)
                  + " -f "
                  + file);
          return false;
        });
    return verifier;
  }

  private boolean ask(SocketAddress remote, PublicKey key) {
    String fingerprint = KeyUtils.getFingerPrint(key);
    if (question.isHis(name(remote), fingerprint)) {
      makeFolder();
      return true;
    }
    refuse(
        "the host key of " + name(remote) + " is not known: " + fingerprint,
        "Compare it with the instance's console output ('aws ec2 get-console-output'), then answer"
            + " yes on a terminal, or use --accept-new-host-key.");
    return false;
  }

  /** Where ~/.ssh is not there yet. A key that cannot be written down is asked about again. */
  private void makeFolder() {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.exists(folder)) {
      try {
        Files.createDirectories(folder);
        if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
          Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
      } catch (IOException e) {
        LOG.warn("the host's key cannot be written to {}: {}", file, e.getMessage());
      }
    }
  }

  private void refuse(String message, String hint) {
    refusal.set(Optional.of(new WatershedException(ErrorCode.REFUSED, message, hint)));
  }

  /** Why the last host was not let in. */
  Optional<WatershedException> refusal() {
    return refusal.getAndSet(Optional.empty());
  }

  private static String name(SocketAddress remote) {
    return remote instanceof InetSocketAddress address
        ? address.getHostString()
        : remote.toString();
  }
}
