package io.watershed.cut;

import io.watershed.core.payload.PayloadFormat;
import io.watershed.kinesis.StreamSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the live side of a stream by its name in the reservoir. The sources stay the caller's: the
 * engine does not close them. Implementations are thread-safe.
 */
@FunctionalInterface
public interface StreamSources {
  /** The stream's source; empty if none is configured. */
  Optional<StreamSource> find(String stream);

  /** How the stream's payloads are decoded. */
  default PayloadFormat format(String stream) {
    return PayloadFormat.JSON;
  }

  /** Where records are that the stream's archiver has read and not committed. */
  default HotTail hotTail(String stream) {
    return HotTail.NONE;
  }

  /** Names of configured streams, for error messages and for streams that have no archive yet. */
  default List<String> names() {
    return List.of();
  }

  /** The given sources by name. */
  static StreamSources of(Map<String, ? extends StreamSource> sources) {
    Map<String, StreamSource> copy = Map.copyOf(sources);
    return new StreamSources() {
      @Override
      public Optional<StreamSource> find(String stream) {
        return Optional.ofNullable(copy.get(stream));
      }

      @Override
      public List<String> names() {
        return copy.keySet().stream().sorted().toList();
      }
    };
  }

  /** No live sides: every statement is answered from the archive. */
  static StreamSources none() {
    return stream -> Optional.empty();
  }
}
