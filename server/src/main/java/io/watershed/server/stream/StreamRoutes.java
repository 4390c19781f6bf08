package io.watershed.server.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableSnapshot;
import io.watershed.server.Backend;
import io.watershed.server.http.Call;
import io.watershed.server.http.Param;
import io.watershed.server.http.Route;
import io.watershed.server.http.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /streams}: what is archived of each, what waits, and how that was before. */
public final class StreamRoutes {
  /** A stream in a path. */
  public static final Param STREAM =
      Param.path("stream", Shape.text(256), "The stream's alias or name.");

  private static final String AREA = "Streams";
  private static final int MAX_SNAPSHOTS = 500;

  private final Backend backend;
  private final StreamWatch watch;

  /** Over what is watched. */
  public StreamRoutes(Backend backend, StreamWatch watch) {
    this.backend = backend;
    this.watch = watch;
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/streams", AREA, "Every stream that is archived or configured.")
            .answers(200, "{streams: [summary]}: status without lineage and gap list.")
            .by(call -> call.answer(watch.summaries())),
        Route.get("/api/v1/streams/{stream}", AREA, "One stream with its shards and gaps.")
            .with(STREAM)
            .answers(200, "As 'watershed status --json', with configured, archiving, problem.")
            .by(call -> call.answer(watch.whole(call.text("stream")))),
        Route.get("/api/v1/streams/{stream}/history", AREA, "How it was since the server started.")
            .with(STREAM, Param.query("minutes", Shape.integer(1, 120), "How far back.").or("60"))
            .answers(200, "{interval_seconds, samples: [{time, rows, bytes, files, …}]}")
            .by(this::history),
        Route.get("/api/v1/streams/{stream}/growth", AREA, "How the archive grew.")
            .with(STREAM)
            .answers(200, "{snapshots: [{time, rows, files, bytes}]}: at most 500, thinned.")
            .by(this::growth));
  }

  private void history(Call call) {
    String stream = watch.requireKnown(call.text("stream"));
    Duration span = Duration.ofMinutes(call.number("minutes"));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("interval_seconds", StreamWatch.INTERVAL.toSeconds());
    ArrayNode samples = json.putArray("samples");
    watch
        .samples(stream, backend.clock().instant().minus(span))
        .forEach(sample -> sample.put(samples.addObject()));
    call.answer(json);
  }

  private void growth(Call call) {
    Optional<ArchiveTable> table =
        backend.reservoir().find(watch.requireKnown(call.text("stream")));
    List<TableSnapshot> kept = table.map(found -> found.snapshots(found.load())).orElse(List.of());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode snapshots = json.putArray("snapshots");
    int step = Math.max(1, (kept.size() + MAX_SNAPSHOTS - 1) / MAX_SNAPSHOTS);
    for (int i = 0; i < kept.size(); i++) {
      // Counted from the end, so that the newest is always there.
      if ((kept.size() - 1 - i) % step == 0) {
        put(snapshots.addObject(), kept.get(i));
      }
    }
    call.answer(json);
  }

  private static void put(ObjectNode json, TableSnapshot snapshot) {
    json.put("time", snapshot.time().toString());
    number(json, "rows", snapshot.totalRecords());
    number(json, "files", snapshot.totalFiles());
    number(json, "bytes", snapshot.totalBytes());
  }

  private static void number(ObjectNode json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.put(name, value.getAsLong());
    } else {
      json.putNull(name);
    }
  }
}
