package io.watershed.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.core.config.DataSize;
import io.watershed.query.QueryOutcome;
import io.watershed.query.ResultColumn;
import io.watershed.query.ResultSink;
import io.watershed.query.StatementReport.StepTime;
import io.watershed.query.StatementReport.StreamCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a statement cost ({@code sql --explain}). */
public final class Explain {
  private static final String ROW = "%-24s %9s %9s %9s %10s %10s %12s %10s %10s %9s";

  private Explain() {}

  /** Takes the rows and shows none of them. */
  static final class NoRows implements ResultSink {
    @Override
    public void begin(List<ResultColumn> columns) {}

    @Override
    public void row(@Nullable Object[] values) {}

    @Override
    public void end(QueryOutcome outcome) {}
  }

  /** Lines for a person. */
  public static List<String> text(QueryOutcome outcome) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "stream",
            "files",
            "pruned",
            "read",
            "stored",
            "fetched",
            "live records",
            "live",
            "expected",
            "in"));
    outcome.report().streams().forEach(stream -> lines.add(row(stream)));
    String steps =
        outcome.report().steps().stream()
            .map(step -> name(step) + " " + millis(step) + " ms")
            .collect(Collectors.joining(", "));
    lines.add("time " + outcome.elapsed().toMillis() + " ms: " + steps);
    lines.add("%,d rows, receipt %s".formatted(outcome.rows(), outcome.receipt().id()));
    outcome.notices().forEach(notice -> lines.add("note: " + notice));
    return lines;
  }

  private static String row(StreamCost stream) {
    return ROW.formatted(
        stream.stream(),
        "%,d".formatted(stream.files()),
        "%,d".formatted(stream.files() - stream.filesRead()),
        "%,d".formatted(stream.filesRead()),
        new DataSize(stream.bytesStored()).approximate(),
        new DataSize(stream.bytesFetched()).approximate(),
        "%,d".formatted(stream.liveRecords()),
        new DataSize(stream.liveBytes()).approximate(),
        new DataSize(stream.estimate().bytes()).approximate(),
        seconds(stream));
  }

  private static String seconds(StreamCost stream) {
    return String.format(Locale.ROOT, "%.1f s", stream.estimate().time().toMillis() / 1000.0);
  }

  /** The same for programs; the names are a contract. */
  static ObjectNode json(QueryOutcome outcome) {
    ObjectNode object = Json.object();
    var streams = object.putArray("streams");
    for (StreamCost stream : outcome.report().streams()) {
      streams
          .addObject()
          .put("stream", stream.stream())
          .put("files", stream.files())
          .put("files_pruned", stream.files() - stream.filesRead())
          .put("files_read", stream.filesRead())
          .put("bytes_stored", stream.bytesStored())
          .put("bytes_fetched", stream.bytesFetched())
          .put("live_records", stream.liveRecords())
          .put("live_bytes", stream.liveBytes())
          .put("expected_live_records", stream.estimate().records())
          .put("expected_live_bytes", stream.estimate().bytes())
          .put("expected_live_ms", stream.estimate().time().toMillis());
    }
    var steps = object.putArray("steps");
    for (StepTime step : outcome.report().steps()) {
      steps.addObject().put("step", name(step)).put("elapsed_ms", millis(step));
    }
    object
        .put("elapsed_ms", outcome.elapsed().toMillis())
        .put("row_count", outcome.rows())
        .put("receipt", outcome.receipt().id());
    outcome.notices().forEach(object.putArray("notices")::add);
    return object;
  }

  private static String name(StepTime step) {
    return step.step().name().toLowerCase(Locale.ROOT);
  }

  private static long millis(StepTime step) {
    return step.elapsed().toMillis();
  }
}
