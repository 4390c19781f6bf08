package io.watershed.localkinesis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Opaque texts that clients hand back: shard iterators and paging tokens. They carry their whole
 * state, so that the endpoint keeps none, and a digest with a secret, so that one from another
 * endpoint or one that was tampered with is refused.
 */
final class SignedTokens {
  private static final int DIGEST_BYTES = 16;

  private final byte[] secret = new byte[16];

  SignedTokens() {
    new SecureRandom().nextBytes(secret);
  }

  /** Fields must not contain a slash. */
  String sign(List<String> fields) {
    byte[] body = String.join("/", fields).getBytes(StandardCharsets.UTF_8);
    ByteBuffer token = ByteBuffer.allocate(DIGEST_BYTES + body.length);
    token.put(digest(body), 0, DIGEST_BYTES).put(body);
    return Base64.getEncoder().encodeToString(token.array());
  }

  /** The fields, if this was signed here. */
  Optional<List<String>> verify(String text) {
    byte[] token;
    try {
      token = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (token.length < DIGEST_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(token, DIGEST_BYTES, token.length);
    byte[] digest = Arrays.copyOf(digest(body), DIGEST_BYTES);
    if (!MessageDigest.isEqual(digest, Arrays.copyOf(token, DIGEST_BYTES))) {
      return Optional.empty();
    }
    return Optional.of(List.of(new String(body, StandardCharsets.UTF_8).split("/", -1)));
  }

  private byte[] digest(byte[] body) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(secret);
      return sha.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
