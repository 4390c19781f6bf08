package io.watershed.reservoir.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A set of object keys in 8 bytes each: years of data files fit into memory. Two keys may look the
 * same, once in 2^64; then the set claims to hold one that it does not, and a left-over stays.
 */
final class KeySet {
  private final MessageDigest sha = FileDigest.sha256();
  private long[] hashes = new long[1024];
  private int size;
  private boolean sorted = true;

  void add(String key) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, size * 2);
    }
    hashes[size++] = hash(key);
    sorted = false;
  }

  /** False only if the key was not added. */
  boolean mayHold(String key) {
    if (!sorted) {
      Arrays.sort(hashes, 0, size);
      sorted = true;
    }
    return Arrays.binarySearch(hashes, 0, size, hash(key)) >= 0;
  }

  private long hash(String key) {
    byte[] digest = sha.digest(key.getBytes(StandardCharsets.UTF_8));
    long hash = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      hash = (hash << Byte.SIZE) | (digest[i] & 0xff);
    }
    return hash;
  }
}
