package io.watershed.server.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.watershed.archive.StreamStatus;
import io.watershed.archive.StreamStatus.Phase;
import java.util.List;

/**
 * Whether the archivers do their work: 200 while every stream is being opened, read or stopped, 503
 * when one has ended or another archiver stands in its way. A stream that is retried is healthy
 * (restarting us would not help Kinesis) and says what troubles it.
 */
public final class Health {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Health() {}

  /** The answer: {@code {"ok":…,"streams":[{"stream":…,"ok":…,"phase":…,"trouble":…}]}}. */
  public static Page page(List<StreamStatus> streams) {
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("ok", isOk(streams));
    for (StreamStatus stream : streams) {
      answer
          .withArray("/streams")
          .addObject()
          .put("stream", stream.stream())
          .put("ok", works(stream))
          .put("phase", Phases.word(stream.phase()))
          .put("trouble", stream.trouble().orElse(null));
    }
    return Page.json(answer.path("ok").asBoolean() ? 200 : 503, answer + "\n");
  }

  /** Whether every stream is opened, read or stopped. */
  static boolean isOk(List<StreamStatus> streams) {
    return streams.stream().allMatch(Health::works);
  }

  private static boolean works(StreamStatus stream) {
    return stream.phase() != Phase.DONE && stream.phase() != Phase.FENCED;
  }
}
