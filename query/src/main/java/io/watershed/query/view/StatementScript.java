package io.watershed.query.view;

import java.nio.file.Path;
import java.util.List;

/**
 * A statement's views, to be made in another process that sees the same files.
 *
 * @param statements SQL of ours that makes them, in order; it reads nothing but the files
 * @param files data files under the views, as absolute paths
 */
public record StatementScript(List<String> statements, List<Path> files) {
  public StatementScript {
    statements = List.copyOf(statements);
    files = List.copyOf(files);
  }
}
