package io.watershed.reservoir.table;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The digest of a data file's bytes that its name ends with: the first 16 bytes of their SHA-256,
 * in hexadecimal. The sums in the footer prove payloads and positions; this proves every byte, the
 * footer and the arrival times included, without a decoder that damaged bytes could crash.
 */
public final class FileDigest {
  private static final int BYTES = 16;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Pattern IN_NAME = Pattern.compile("-([0-9a-f]{32})\\.parquet$");

  private FileDigest() {}

  /** The digest that the key of a data file names; empty if it names none. */
  public static Optional<String> inKey(String key) {
    Matcher matcher = IN_NAME.matcher(key);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * The digest of a local file.
   *
   * @throws WatershedException {@code store} if it cannot be read
   */
  public static String of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in);
    } catch (IOException e) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The file " + file + " cannot be read: " + e.getMessage(),
          "Check its disk.",
          e);
    }
  }

  /** The digest of all that the stream still holds. */
  public static String of(InputStream in) throws IOException {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      sha.update(buffer, 0, read);
    }
    return text(sha);
  }

  /** A SHA-256 to feed with the bytes of a file. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest as it is written; ends the computation. */
  public static String text(MessageDigest sha) {
    return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), BYTES));
  }
}
