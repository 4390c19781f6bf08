package io.watershed.archive.hot;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A socket at a path. It is bound under another name and moved into place, so the path always leads
 * to somebody: a socket that a killed archiver left behind is replaced in one step, and so is that
 * of another archiver of the stream, which will be fenced anyway. Used by one thread.
 */
final class ListeningSocket implements AutoCloseable {
  private static final int BACKLOG = 16;

  private final Path path;
  private final Object fileKey;
  private final ServerSocketChannel channel;

  private ListeningSocket(Path path, Object fileKey, ServerSocketChannel channel) {
    this.path = path;
    this.fileKey = fileKey;
    this.channel = channel;
  }

  /**
   * Listens at this path from now on.
   *
   * @param path in a folder that is ours alone
   */
  static ListeningSocket open(Path path) throws IOException {
    Path fresh = path.resolveSibling(randomName());
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      ServerSocketChannel bound = channel.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
      Path unused =
          Files.setPosixFilePermissions(
              fresh, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
      Object key = fileKey(fresh);
      unused = Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      return new ListeningSocket(path, key, bound);
    } catch (IOException | RuntimeException e) {
      channel.close();
      boolean unused = Files.deleteIfExists(fresh);
      throw e;
    }
  }

  /** Shorter than the name of any socket, so that this path is never the one that is too long. */
  private static String randomName() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".new";
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /** Whether nobody listens at the path: it was removed, or a later archiver is gone. */
  boolean isDeserted() {
    if (isOurs()) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private boolean isOurs() {
    try {
      return fileKey(path).equals(fileKey);
    } catch (IOException e) {
      return false;
    }
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  @Override
  public void close() throws IOException {
    if (isOurs()) {
      boolean unused = Files.deleteIfExists(path);
    }
    channel.close();
  }
}
