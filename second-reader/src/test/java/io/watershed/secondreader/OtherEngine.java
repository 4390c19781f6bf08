package io.watershed.secondreader;

import java.util.List;

/** An engine that answers over the same archive tables with no code of ours. */
interface OtherEngine extends AutoCloseable {
  /** Makes {@code <stream>_archive} known, as the stream's table is now. */
  void add(Pond pond, String stream) throws Exception;

  /** The rows of one SELECT; cells are what {@link Answers} has rules for. */
  List<List<Object>> query(String sql) throws Exception;

  @Override
  void close() throws Exception;
}
