package io.watershed.server.http;

import java.util.Locale;

/** What a caller may do; each role may do what the one before it may. */
public enum Role {
  /** Nothing is asked of the caller. */
  NONE,
  /** See streams, records and replays, and run statements. */
  READ,
  /** Plan, run and change replays, and read the audit log. */
  OPERATE;

  /** Whether this role suffices where the other is asked for. */
  boolean covers(Role asked) {
    return compareTo(asked) >= 0;
  }

  /** In lower case, as in configuration and answers. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
