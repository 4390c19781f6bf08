package io.watershed.server.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.StreamStatus;
import io.watershed.archive.overview.Overviews;
import io.watershed.archive.overview.StatusJson;
import io.watershed.archive.overview.StreamOverview;
import io.watershed.core.error.WatershedException;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.server.Backend;
import io.watershed.server.http.EventStream;
import io.watershed.server.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every stream at an interval, remembers a bounded number of samples, and tells who
 * listens when something changed. Whoever asks gets the last look, so that many readers cost the
 * streams no more than one. Thread-safe.
 */
public final class StreamWatch implements AutoCloseable {
  /** Time between two looks; a look that took long is followed by a longer pause. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  /** Samples that are kept of each stream: two hours at the interval. */
  static final int MAX_SAMPLES = 1_440;

  private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);
  private static final int PAUSE_FACTOR = 4;

  private final Backend backend;
  private final Overviews overviews;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "stream-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Deque<StreamSample>> samples = new TreeMap<>();
  private final Set<EventStream> listeners = ConcurrentHashMap.newKeySet();
  private volatile Map<String, ObjectNode> last = Map.of();
  private volatile boolean looked;

  /** Starts to look. */
  public StreamWatch(Backend backend) {
    this.backend = backend;
    this.overviews = new Overviews(backend.clock());
    timer.execute(this::lookAndGoOn);
  }

  private void lookAndGoOn() {
    long start = System.nanoTime();
    try {
      look();
    } catch (RuntimeException e) {
      LOG.warn("The streams could not be looked at: {}", e.toString());
    }
    long pause = Math.max(INTERVAL.toNanos(), (System.nanoTime() - start) * PAUSE_FACTOR);
    if (!timer.isShutdown()) {
      Future<?> unused = timer.schedule(this::lookAndGoOn, pause, TimeUnit.NANOSECONDS);
    }
  }

  private synchronized void look() {
    Map<String, ObjectNode> now = new TreeMap<>();
    for (String stream : backend.knownStreams()) {
      now.put(stream, look(stream));
    }
    boolean changed = !now.equals(last);
    last = now;
    looked = true;
    if (changed) {
      ObjectNode event = summaries();
      listeners.forEach(listener -> listener.send("status", event));
    }
  }

  private ObjectNode look(String stream) {
    Optional<String> problem = Optional.empty();
    Optional<ObjectNode> found = Optional.empty();
    try {
      Optional<ArchiveTable> table = backend.reservoir().find(stream);
      if (table.isPresent()) {
        StreamOverview overview = overview(table.get());
        remember(overview);
        problem = overview.notAsked();
        found = Optional.of(StatusJson.of(overview));
      }
    } catch (WatershedException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
    ObjectNode json = found.orElseGet(() -> nothingArchived(stream));
    json.put("configured", backend.config().find(stream).isPresent());
    archiver(stream, json, problem);
    return json;
  }

  private StreamOverview overview(ArchiveTable table) {
    Optional<StreamSource> source = Optional.empty();
    try {
      source = backend.ownSource(table.stream());
    } catch (WatershedException e) {
      return overviews.look(table, Optional.empty()).notAsked(String.valueOf(e.getMessage()));
    }
    return overviews.look(table, source);
  }

  private void archiver(String stream, ObjectNode json, Optional<String> problem) {
    Optional<StreamStatus> status =
        backend.archivers().stream().filter(s -> s.stream().equals(stream)).findFirst();
    json.put("archiving", status.map(StreamWatch::word).orElse("none"));
    json.put("problem", status.flatMap(StreamStatus::trouble).or(() -> problem).orElse(null));
    status.ifPresent(
        s ->
            json.put("read_records_per_second", s.recordsPerSecond())
                .put("read_bytes_per_second", s.bytesPerSecond())
                .put("buffered_bytes", s.bufferedBytes()));
  }

  private static String word(StreamStatus status) {
    return switch (status.phase()) {
      case OPENING, RUNNING -> "running";
      case STOPPING -> "stopped";
      case FENCED, DONE -> "failed";
    };
  }

  private static ObjectNode nothingArchived(String stream) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("stream", stream)
            .put("rows", 0)
            .put("skipped", 0)
            .put("files", 0)
            .put("bytes", 0)
            .put("generation", 0)
            .put("shards", 0)
            .put("shards_ended", 0)
            .put("gaps", 0)
            .putNull("last_commit")
            .putNull("records_per_second")
            .putNull("bytes_per_second")
            .putNull("lag_seconds")
            .putNull("time_to_trim_seconds")
            .putNull("not_asked");
    json.putArray("lineage");
    json.putArray("gap_list");
    return json;
  }

  private void remember(StreamOverview overview) {
    synchronized (samples) {
      Deque<StreamSample> kept =
          samples.computeIfAbsent(overview.stream(), key -> new ArrayDeque<>());
      kept.add(StreamSample.of(overview, backend.clock().instant()));
      if (kept.size() > MAX_SAMPLES) {
        kept.remove();
      }
    }
  }

  private synchronized void firstLook() {
    if (!looked) {
      look();
    }
  }

  private Map<String, ObjectNode> current() {
    if (!looked) {
      firstLook();
    }
    return last;
  }

  /** {@code {streams:[…]}}: each stream's last look, without lineage and list of gaps. */
  ObjectNode summaries() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    var list = all.putArray("streams");
    current()
        .values()
        .forEach(stream -> list.add(stream.deepCopy().without(List.of("lineage", "gap_list"))));
    return all;
  }

  /**
   * The last look at one stream.
   *
   * @throws Problem 404
   */
  ObjectNode whole(String stream) {
    ObjectNode json = current().get(requireKnown(stream));
    return json == null ? look(stream) : json;
  }

  /**
   * The stream's name in the reservoir.
   *
   * @throws Problem 404
   */
  public String requireKnown(String stream) {
    String name = backend.config().find(stream).map(s -> s.alias()).orElse(stream);
    Set<String> known = backend.knownStreams();
    if (!known.contains(name)) {
      throw Problem.notFound(
          "There is no stream '" + stream + "' here",
          known.isEmpty() ? "Nothing is configured." : "Here are: " + String.join(", ", known));
    }
    return name;
  }

  /** Samples since a time, oldest first. */
  List<StreamSample> samples(String stream, Instant since) {
    synchronized (samples) {
      return samples.getOrDefault(stream, new ArrayDeque<>()).stream()
          .filter(sample -> !sample.time().isBefore(since))
          .toList();
    }
  }

  /** Tells this one, first what is, then what changes; what it returns ends that. */
  public AutoCloseable listen(EventStream events) {
    events.send("status", summaries());
    listeners.add(events);
    return () -> listeners.remove(events);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
