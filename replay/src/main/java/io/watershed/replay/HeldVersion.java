package io.watershed.replay;

import io.watershed.consumer.ReceivedRecord;
import io.watershed.consumer.Version;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;

/**
 * What somebody holds of a key: the version and the digest of the original payload. The key is a
 * digest too, so that neither is ever printed.
 *
 * @param key hexadecimal, 128 bits
 * @param payload hexadecimal, 128 bits
 */
record HeldVersion(String key, String payload, Version version) {
  private static final int DIGEST_BYTES = 16;

  /** What a record is, without its envelopes. */
  static HeldVersion of(String key, StreamRecord record) {
    ReceivedRecord received = ReceivedRecord.of(RecordWrapper.origin(record), record.payload());
    return new HeldVersion(
        digest(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        digest(received.payload()),
        received.version());
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new WatershedException(
          ErrorCode.INTERNAL, "this Java has no SHA-256", "Use a complete JDK.", e);
    }
  }

  /** Of two of one key, the one that a consumer keeps: of versions without order the later read. */
  HeldVersion orNext(HeldVersion next) {
    OptionalInt order = next.version.compare(version);
    return order.isEmpty() || order.getAsInt() > 0 ? next : this;
  }

  /** Whether this is newer, as far as the two versions compare. */
  boolean isNewerThan(HeldVersion other) {
    return version.compare(other.version).orElse(0) > 0;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(key);
    out.writeUTF(payload);
    out.writeUTF(version.text());
  }

  static HeldVersion read(DataInputStream in) throws IOException {
    return new HeldVersion(in.readUTF(), in.readUTF(), Version.parse(in.readUTF()));
  }
}
