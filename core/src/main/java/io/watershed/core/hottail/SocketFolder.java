package io.watershed.core.hottail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The folder of one user's sockets. It is the guard of the hot tail: only its owner can enter it
 * (mode 0700), so only its owner's processes can answer or ask. A folder that somebody else made is
 * refused, never used. Archivers and statements of one user, reservoir and stream find the same
 * path without talking to each other. Thread-safe.
 *
 * @param path the folder
 */
public record SocketFolder(Path path) {
  /** The longest path that every system accepts: macOS takes 104 bytes with the final zero. */
  public static final int MAX_PATH_BYTES = 100;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);
  private static final int NAME_DIGITS = 24;

  /** This user's folder below a parent that others may use too, such as the temporary folder. */
  public static SocketFolder below(Path parent) {
    String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    return new SocketFolder(parent.toAbsolutePath().normalize().resolve("watershed-" + user));
  }

  /**
   * Where an archiver of this stream listens.
   *
   * @param reservoir what names the reservoir: its root
   * @throws IOException if the path is too long for a socket
   */
  public Path socket(String reservoir, String stream) throws IOException {
    Path socket = path.resolve(name(reservoir, stream));
    int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new IOException(
          "the path of a socket in "
              + path
              + " has "
              + bytes
              + " bytes, "
              + MAX_PATH_BYTES
              + " are possible");
    }
    return socket;
  }

  private static String name(String reservoir, String stream) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(reservoir.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      sha.update(stream.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha.digest()).substring(0, NAME_DIGITS) + ".sock";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Makes the folder if it is not there, and checks it.
   *
   * @throws IOException if it cannot be made, or is not ours alone
   */
  public void make() throws IOException {
    try {
      Files.createDirectories(path.getParent());
      Path unused = Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      // Ours, as a rule: checked like any other.
    } catch (UnsupportedOperationException e) {
      throw new IOException("this system has no file permissions", e);
    }
    check();
  }

  /**
   * Checks that nobody else can reach into the folder.
   *
   * @throws IOException if it is not there, a link, another user's, or open to others
   */
  public void check() throws IOException {
    requireOurs(path, true);
    if (!Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY)) {
      throw new IOException(path + " is open to other users; remove it");
    }
  }

  /**
   * Checks a socket before it is used.
   *
   * @throws IOException if the folder fails {@link #check()}, or the socket is not ours
   */
  public void check(Path socket) throws IOException {
    check();
    requireOurs(socket, false);
  }

  private static void requireOurs(Path file, boolean folder) throws IOException {
    boolean right =
        folder
            ? Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
            : Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(file);
    if (!right) {
      throw new IOException(file + (folder ? " is no folder" : " is not there"));
    }
    try {
      Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (!owner.equals(Self.UID)) {
        throw new IOException(file + " belongs to another user");
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new IOException("this system has no owners of files", e);
    }
  }

  /** Who we are, by what a file of ours looks like: names can be missing, as in containers. */
  private static final class Self {
    static final Object UID = uid();

    private static Object uid() {
      try {
        Path own = Files.createTempFile("watershed-", ".uid");
        try {
          return Files.getAttribute(own, "unix:uid");
        } finally {
          Files.delete(own);
        }
      } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
        return "unknown"; // equals no owner
      }
    }
  }
}
