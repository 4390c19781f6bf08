package io.watershed.kinesis;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest records of a shard that were read, without a hole: for readers who come to a place in
 * it. What grows over its bound is dropped from the beginning; records that somebody else holds in
 * memory, too, cost nothing and may be {@value #HELD_FACTOR} times as many. Not thread-safe.
 */
final class ReadWindow {
  /** Objects, references, headers and the position's 64 characters of one record. */
  private static final int RECORD_OVERHEAD_BYTES = 320;

  private static final int HELD_FACTOR = 4;

  private final Deque<Piece> pieces = new ArrayDeque<>();
  private Optional<SharedPlace> beginning = Optional.empty();
  private Optional<SequenceNumber> before = Optional.empty();
  private Optional<SequenceNumber> last = Optional.empty();
  private boolean held;
  private Optional<SequenceNumber> heldAfter = Optional.empty();
  private long bytes;

  private ReadWindow(boolean held) {
    this.held = held;
  }

  /** Nobody else has the records. */
  static ReadWindow alone() {
    return new ReadWindow(false);
  }

  /** Somebody else has them, until told otherwise. */
  static ReadWindow heldBeside() {
    return new ReadWindow(true);
  }

  /** Who holds the records holds only those after this one. */
  void heldAfter(SequenceNumber through, long most) {
    held = true;
    heldAfter = Optional.of(through);
    trim(most);
  }

  /** Nobody holds them any more. */
  void heldByNobody(long most) {
    held = false;
    trim(most);
  }

  /** What one answer added. */
  private record Piece(List<StreamRecord> records, SharedPlace next, long bytes) {
    SequenceNumber last() {
      return number(records.get(records.size() - 1));
    }
  }

  /** The next records of a reader, and where it goes on. */
  record Part(List<StreamRecord> records, SharedPlace next) {}

  private static SequenceNumber number(StreamRecord record) {
    return record.position().sequenceNumber();
  }

  /**
   * The next records at this place, if they are here: of as many answers as there are, so that who
   * asks less often than answers come does not fall behind.
   *
   * @param maxRecords beyond it no further answer is begun
   */
  Optional<Part> from(SharedPlace place, int maxRecords) {
    if (pieces.isEmpty()) {
      return Optional.empty();
    }
    Iterator<Piece> rest = pieces.iterator();
    if (place.number().isEmpty()) {
      return beginning
          .filter(place::isSameAs)
          .map(here -> onFrom(rest.next(), 0, rest, maxRecords));
    }
    SequenceNumber number = place.number().get();
    boolean inside =
        number.compareTo(before.orElse(number(pieces.getFirst().records().get(0)))) >= 0;
    if (!inside) {
      return Optional.empty();
    }
    while (rest.hasNext()) {
      Piece piece = rest.next();
      int behind = piece.last().compareTo(number);
      if (behind > 0 || (behind == 0 && !place.isAfter())) {
        return part(piece, number, place.isAfter(), rest, maxRecords);
      }
    }
    return Optional.empty();
  }

  private static Optional<Part> part(
      Piece piece, SequenceNumber number, boolean after, Iterator<Piece> rest, int maxRecords) {
    List<StreamRecord> records = piece.records();
    int first = 0;
    while (number(records.get(first)).compareTo(number) < (after ? 1 : 0)) {
      first++;
    }
    // What a record that is not there would be is the service's to say.
    return after || number(records.get(first)).equals(number)
        ? Optional.of(onFrom(piece, first, rest, maxRecords))
        : Optional.empty();
  }

  private static Part onFrom(Piece piece, int first, Iterator<Piece> rest, int maxRecords) {
    List<StreamRecord> some = piece.records().subList(first, piece.records().size());
    if (!rest.hasNext() || some.size() >= maxRecords) {
      return new Part(some, piece.next());
    }
    List<StreamRecord> records = new ArrayList<>(some);
    Piece last = piece;
    while (rest.hasNext() && records.size() < maxRecords) {
      last = rest.next();
      records.addAll(last.records());
    }
    return new Part(records, last.next());
  }

  /**
   * Takes what was read at a place.
   *
   * @param records not empty
   * @param next the place after them
   * @param most bytes to hold
   * @param proven whether nothing between the place and the first record can have been trimmed: the
   *     service does not say
   */
  void add(
      SharedPlace place, List<StreamRecord> records, SharedPlace next, long most, boolean proven) {
    List<StreamRecord> fresh = records;
    if (last.isPresent() && continues(place, records, last.get(), proven)) {
      SequenceNumber known = last.get();
      fresh = records.stream().filter(r -> number(r).compareTo(known) > 0).toList();
      if (fresh.isEmpty()) {
        return;
      }
    } else {
      clear();
      before = place.isAfter() && proven ? place.number() : Optional.empty();
      beginning = Optional.of(place).filter(SharedPlace::isBeginning);
    }
    append(fresh, next, most);
  }

  /** The last record stays in any case: it is the proof of those who come to the end. */
  private void append(List<StreamRecord> fresh, SharedPlace next, long most) {
    long size = 0;
    int first = fresh.size();
    long largest = held ? HELD_FACTOR * most : most;
    while (first > 0 && (size == 0 || size + size(fresh.get(first - 1)) <= largest)) {
      size += size(fresh.get(--first));
    }
    if (first > 0) {
      clear();
      before = Optional.of(number(fresh.get(first - 1)));
      beginning = Optional.empty();
    }
    pieces.add(new Piece(List.copyOf(fresh.subList(first, fresh.size())), next, size));
    bytes += size;
    last = Optional.of(number(fresh.get(fresh.size() - 1)));
    trim(most);
  }

  private void trim(long most) {
    while (pieces.size() > 1 && bytes > (isHeld(pieces.getFirst()) ? HELD_FACTOR * most : most)) {
      Piece oldest = pieces.remove();
      bytes -= oldest.bytes();
      before = Optional.of(oldest.last());
      beginning = Optional.empty();
    }
  }

  private boolean isHeld(Piece piece) {
    return held && heldAfter.map(through -> piece.last().compareTo(through) > 0).orElse(true);
  }

  private static long size(StreamRecord record) {
    return (long) RECORD_OVERHEAD_BYTES + record.payload().length + record.partitionKey().length();
  }

  /** Whether the place is the end of what is here. */
  boolean endsAt(SharedPlace place) {
    return place.isAfter() && place.number().equals(last);
  }

  /** Whether records that are read at the place would be added, instead of taking all of it. */
  boolean wouldAdd(SharedPlace place, List<StreamRecord> records, boolean proven) {
    return last.isEmpty() || continues(place, records, last.get(), proven);
  }

  /** Whether there is no hole between what is here and the end of these records. */
  private static boolean continues(
      SharedPlace place, List<StreamRecord> records, SequenceNumber known, boolean proven) {
    boolean overlaps = number(records.get(0)).compareTo(known) <= 0;
    return overlaps
        || (proven && place.isAfter() && place.number().orElseThrow().compareTo(known) <= 0);
  }

  private void clear() {
    pieces.clear();
    bytes = 0;
    last = Optional.empty();
  }
}
