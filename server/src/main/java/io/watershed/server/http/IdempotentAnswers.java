package io.watershed.server.http;

import io.watershed.core.error.ErrorCode;
import io.watershed.server.http.Call.Answered;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers that are given again when the same caller sends the same key with the same body (draft
 * RFC "The Idempotency-Key HTTP Header Field"). The newest are kept. Thread-safe.
 */
final class IdempotentAnswers {
  private static final int MAX_KEPT = 1_000;
  private static final long MAX_KEPT_CHARS = 16 << 20;

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long keptChars;

  private record Entry(String bodyHash, Optional<Answered> answer) {
    long chars() {
      return answer.map(a -> (long) a.json().length()).orElse(0L);
    }
  }

  /**
   * Begins a call with a key.
   *
   * @return the earlier answer; empty if this is the first call, which must end with {@link #end}
   * @throws Problem 409 if the key came with another body, or its call is still being answered
   */
  synchronized Optional<Answered> begin(String key, String bodyHash) {
    Entry entry = entries.get(key);
    if (entry == null) {
      entries.put(key, new Entry(bodyHash, Optional.empty()));
      evict();
      return Optional.empty();
    }
    if (!entry.bodyHash().equals(bodyHash)) {
      throw conflict("This Idempotency-Key came with another request", "Take a new key for it.");
    }
    if (entry.answer().isEmpty()) {
      throw conflict("This request is still being answered", "Ask again in a moment.");
    }
    return entry.answer();
  }

  /** Ends the first call of a key: keeps its answer, or forgets the key if there is none. */
  synchronized void end(String key, Optional<Answered> answer) {
    Entry entry = entries.remove(key);
    if (entry != null && answer.isPresent()) {
      Entry whole = new Entry(entry.bodyHash(), answer);
      entries.put(key, whole);
      keptChars += whole.chars();
      evict();
    }
  }

  private void evict() {
    var oldest = entries.values().iterator();
    while (oldest.hasNext() && (entries.size() > MAX_KEPT || keptChars > MAX_KEPT_CHARS)) {
      Entry entry = oldest.next();
      if (entry.answer().isPresent()) {
        keptChars -= entry.chars();
        oldest.remove();
      }
    }
  }

  private static Problem conflict(String detail, String hint) {
    return Problem.of(409, ErrorCode.REFUSED.text(), detail, hint);
  }
}
