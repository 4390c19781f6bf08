package io.watershed.archive;

import io.watershed.core.error.WatershedException;
import java.util.Optional;

/** What the parts of one archiver ask of the whole. One step at a time. */
interface Helm {
  /** Lets go what is open, and loads, describes and lists anew. */
  void reopen();

  /** Shards came or ended: reads those that can be read now, and proceeds. */
  void shardsChanged();

  /** Something was read or committed: commits if that is due, and ends if all is done. */
  void proceed();

  /** Another archiver committed to the table. */
  void fenced(WatershedException error);

  /** Commits what was read, and ends with this error. */
  void fail(WatershedException error);

  /** Ends now. */
  void finish(Optional<WatershedException> why);
}
