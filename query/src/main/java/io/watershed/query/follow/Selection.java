package io.watershed.query.follow;

import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which live records are shown: those of the asked times that are no copies of archived ones, and
 * for which the predicate holds. The archive's scan selects the same by SQL.
 */
final class Selection {
  private final Progress progress;
  private final FollowRequest request;
  private final Copies copies;
  private final UnaryOperator<List<StreamRecord>> where;

  Selection(
      Progress progress,
      FollowRequest request,
      Copies copies,
      UnaryOperator<List<StreamRecord>> where) {
    this.progress = progress;
    this.request = request;
    this.copies = copies;
    this.where = where;
  }

  /** The selected ones of one shard's records, in order. */
  List<StreamRecord> select(List<StreamRecord> records) {
    List<StreamRecord> timely =
        records.stream()
            .filter(request::names)
            .filter(this::isTimely)
            .filter(record -> !copies.isCopy(record))
            .toList();
    return where.apply(timely);
  }

  private boolean isTimely(StreamRecord record) {
    return progress.since().filter(record.arrivalTime()::isBefore).isEmpty()
        && request.until().filter(end -> !record.arrivalTime().isBefore(end)).isEmpty();
  }
}
