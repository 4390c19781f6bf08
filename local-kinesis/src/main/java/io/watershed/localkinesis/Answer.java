package io.watershed.localkinesis;

import java.io.IOException;

/**
 * The answer to a request, written when the account's lock is no longer held: it refers only to
 * values that do not change.
 */
interface Answer {
  /** An answer without members, which has no body at all. */
  Answer EMPTY = out -> {};

  void write(AnswerWriter out) throws IOException;

  /** About how many bytes the body has; to size buffers. */
  default int sizeHint() {
    return 512;
  }
}
