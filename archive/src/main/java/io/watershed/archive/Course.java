package io.watershed.archive;

import io.watershed.archive.StreamStatus.Phase;
import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.error.WatershedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one archiver stands: what its parts (opening, reading, listing, committing, fencing,
 * ending) share. One step at a time.
 */
final class Course {
  private static final Logger LOG = LoggerFactory.getLogger(Course.class);

  private final ArchiverParts parts;
  private final Steps steps;
  private final PendingRecords pending = new PendingRecords();
  private final Progress progress = new Progress();
  private final FenceWatch fences;
  private ArchiveMode mode = ArchiveMode.CONTINUOUS;
  private Phase phase = Phase.OPENING;
  private @Nullable OpenStream open;
  private Optional<String> trouble = Optional.empty();

  Course(ArchiverParts parts, Steps steps) {
    this.parts = parts;
    this.steps = steps;
    this.fences = new FenceWatch(parts.settings().fences());
  }

  ArchiverParts parts() {
    return parts;
  }

  ArchiveSettings settings() {
    return parts.settings();
  }

  String name() {
    return parts.name();
  }

  Steps steps() {
    return steps;
  }

  Instant now() {
    return steps.now();
  }

  PendingRecords pending() {
    return pending;
  }

  Progress progress() {
    return progress;
  }

  FenceWatch fences() {
    return fences;
  }

  boolean isOnce() {
    return mode == ArchiveMode.ONCE;
  }

  void runs(ArchiveMode howLong) {
    mode = howLong;
  }

  boolean is(Phase asked) {
    return phase == asked;
  }

  void enter(Phase next) {
    phase = next;
  }

  /** What is open now; null while opening, fenced or done. */
  @Nullable OpenStream open() {
    return open;
  }

  void opened(OpenStream opened) {
    open = opened;
    phase = Phase.RUNNING;
    trouble = Optional.empty();
  }

  /** Lets go what is open, and what was read and not committed. */
  void close() {
    if (open != null) {
      open.reads().close();
      open = null;
    }
    pending.clear();
    parts.memory().buffered(0);
  }

  /** What is open, if it is still this session and nothing ends it; else null. */
  @Nullable OpenStream running(Session session) {
    return phase == Phase.RUNNING && isOpen(session) ? open : null;
  }

  boolean isOpen(Session session) {
    return open != null && open.session() == session;
  }

  Outage newOutage() {
    return new Outage(settings().outages());
  }

  /** What is being retried, as a sentence. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Something failed that will be tried again. */
  void retrying(WatershedException error, Duration pause) {
    trouble = Optional.of(String.valueOf(error.getMessage()));
    LOG.warn("{}: {}. Trying again in {} ms", name(), error.getMessage(), pause.toMillis());
  }

  void troubled(String why) {
    trouble = Optional.of(why);
  }

  /** What failed works again. */
  void recovered(Object what) {
    trouble = Optional.empty();
    LOG.info("{}: {} answers again", name(), what);
  }

  void warnOf(Gap gap) {
    LOG.warn(
        "{}: possible gap in {} after {}: {}",
        name(),
        gap.shard(),
        gap.afterPosition(),
        gap.reason());
  }

  StreamStatus status() {
    return StatusView.of(name(), phase, open, progress, fences, trouble, now());
  }
}
