package io.watershed.glue;

import io.watershed.core.config.CatalogSettings;
import io.watershed.core.error.WatershedException;
import io.watershed.glue.GlueTables.Depth;
import io.watershed.reservoir.Reservoir;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the commits of a reservoir into Glue, on a thread of its own: no commit ever waits for
 * Glue or fails with it. Several commits become one update. Between commits the tables are looked
 * at now and then, so that a foreign change is noticed. Thread-safe; close it before the reservoir.
 */
public final class GlueMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GlueMirror.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LAST_UPDATE = Duration.ofSeconds(10);

  private final Reservoir reservoir;
  private final CatalogSettings settings;
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread;
  private final Map<String, MirrorStatus> status = new ConcurrentHashMap<>();
  private final Set<String> behind = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private volatile boolean updating;
  private volatile @Nullable GlueTables tables;

  private GlueMirror(Reservoir reservoir, CatalogSettings settings, InstantSource clock) {
    this.reservoir = reservoir;
    this.settings = settings;
    this.clock = clock;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, "glue-mirror");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /** Begins to follow. Nothing is asked of Glue before the first commit. */
  public static GlueMirror follow(
      Reservoir reservoir, CatalogSettings settings, InstantSource clock) {
    GlueMirror mirror = new GlueMirror(reservoir, settings, clock);
    reservoir.whenCommitted(mirror::committed);
    Future<?> unused =
        mirror.thread.scheduleWithFixedDelay(
            mirror::check,
            CHECK_INTERVAL.toMillis(),
            CHECK_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
    return mirror;
  }

  private void committed(String stream) {
    if (behind.add(stream)) {
      later(stream, Duration.ZERO);
    }
  }

  private void later(String stream, Duration pause) {
    try {
      Future<?> unused =
          thread.schedule(
              () -> update(stream, depth(stream)), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      LOG.debug("{} is not brought up to date in Glue any more", stream, closing);
    }
  }

  /** The first time in this process, what would delete files is looked at, too. */
  private Depth depth(String stream) {
    MirrorStatus known = status.get(stream);
    return known == null || known.version() == 0 ? Depth.GUARD : Depth.POINT;
  }

  private void check() {
    for (String stream : status.keySet()) {
      if (!behind.contains(stream)) {
        update(stream, Depth.GUARD);
      }
    }
  }

  private void update(String stream, Depth depth) {
    updating = true;
    // Before the table is read: a commit from now on asks for another update.
    behind.remove(stream);
    MirrorStatus before = status.getOrDefault(stream, MirrorStatus.unknown(stream));
    try {
      MirrorOutcome outcome = tables().mirror(reservoir.archive(stream).pointer(), depth);
      status.put(stream, before.reached(outcome));
      if (failures.remove(stream) != null) {
        LOG.info("{} in Glue is up to date again", outcome.table());
      }
      outcome.notes().forEach(note -> LOG.warn("{}: {}", outcome.table(), note));
      LOG.debug("{} points to version {}", outcome.table(), outcome.version());
    } catch (WatershedException e) {
      failed(stream, before, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      failed(stream, before, e.toString(), e);
    } finally {
      updating = false;
      synchronized (this) {
        notifyAll();
      }
    }
  }

  private void failed(String stream, MirrorStatus before, String why, Exception e) {
    Instant now = clock.instant();
    status.put(stream, before.failed(now, why));
    int count = failures.merge(stream, 1, Integer::sum);
    if (count == 1) {
      LOG.warn(
          "The table of '{}' in Glue is not up to date, and is tried again: {}. The archive itself"
              + " is not affected.",
          stream,
          why);
    }
    LOG.debug("Try {} of {}", count, stream, e);
    behind.add(stream);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, 6));
    later(stream, pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  /** Failed updates are tried again meanwhile. */
  private synchronized void awaitNothingBehind() throws InterruptedException {
    long end = System.nanoTime() + LAST_UPDATE.toNanos();
    while (!behind.isEmpty() || updating) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private GlueTables tables() {
    GlueTables open = tables;
    if (open == null) {
      open = GlueTables.open(settings);
      tables = open;
    }
    return open;
  }

  /** How the tables are doing, for those that were committed to by this process. */
  public List<MirrorStatus> status() {
    return List.copyOf(status.values());
  }

  /** Brings up to date what is not, as far as a few seconds go, and ends. */
  @Override
  public void close() {
    try {
      awaitNothingBehind();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.shutdownNow();
    for (String stream : behind) {
      LOG.warn(
          "Glue does not show the newest version of '{}' yet: the next commit brings it up to date,"
              + " or 'watershed catalog sync {}'.",
          stream,
          stream);
    }
    GlueTables open = tables;
    if (open != null) {
      open.close();
    }
  }
}
