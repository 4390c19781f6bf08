package io.watershed.archive.imports;

import java.io.IOException;

/** Takes the payloads of one object, in their order. */
@FunctionalInterface
interface Payloads {
  /**
   * Takes one.
   *
   * @param offset where it begins: a byte of the object as it is when decompressed, or a row
   * @param payload the bytes; not copied
   */
  void take(long offset, byte[] payload) throws IOException;
}
