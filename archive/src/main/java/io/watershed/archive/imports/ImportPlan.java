package io.watershed.archive.imports;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an import will do.
 *
 * @param request what was asked for
 * @param shardId the import's name in the table
 * @param until only records that arrived before this are imported; empty: there is no bound, since
 *     nothing of the stream is archived
 * @param objects to read, in the order of their names
 * @param bytes their size
 * @param already objects that were imported before, and are left alone
 * @param changed objects to read of which another content was imported before
 */
public record ImportPlan(
    ImportRequest request,
    String shardId,
    Optional<Instant> until,
    List<SourceObject> objects,
    long bytes,
    long already,
    long changed) {
  public ImportPlan {
    objects = List.copyOf(objects);
  }

  /** How many objects will be read. */
  public long count() {
    return objects.size();
  }
}
