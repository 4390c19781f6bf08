package io.watershed.archive.imports;

import java.io.IOException;

/** An object that cannot be read as what it should be. The message has no payloads. */
final class UnreadableObject extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableObject(String message) {
    super(message);
  }
}
