package io.watershed.query.view;

import java.util.List;

/**
 * A SELECT over the columns of a view, and what must stay open while it is scanned.
 *
 * @param sql to be used as a subquery
 * @param resources closed by whoever asked for the relation, after the last scan
 */
public record Relation(String sql, List<AutoCloseable> resources) implements AutoCloseable {
  public Relation {
    resources = List.copyOf(resources);
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable resource : resources) {
      resource.close();
    }
  }
}
