package io.watershed.query.view;

import io.watershed.cut.ResolvedStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locked databases that answered a statement and are clean again, for the next statement on the
 * same snapshots: opening, locking and closing one, and reading the footers, take as long as a
 * small statement (docs/decisions/0010-kept-databases.md). A database belongs to one statement at a
 * time, stays locked on the files it was given, and is thrown away when its statement failed, wrote
 * to disk, or left anything in it. Thread-safe.
 */
public final class KeptDatabases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptDatabases.class);

  /** Databases that wait. A database remembers the footers that it read, some 100 KB a file. */
  private static final int MAX_KEPT = 2;

  static final int MAX_FILES = 500;

  /** Databases of an instance that holds nothing: memory, system and temp. */
  private static final int OWN_DATABASES = 3;

  private static final String LEFT =
      "SELECT (SELECT count(*) FROM duckdb_databases()) - "
          + OWN_DATABASES
          + " + (SELECT count(*) FROM duckdb_views() WHERE NOT internal)"
          + " + (SELECT count(*) FROM duckdb_tables())";

  private final Deque<Kept> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Nothing is kept yet. */
  public KeptDatabases() {}

  /**
   * Snapshots that a statement reads as they are. Statements at the same ones may use one database
   * after the other: all that it was allowed to read is in the cut of each.
   */
  public record Snapshots(List<String> ids) {
    public Snapshots {
      ids = List.copyOf(ids);
    }

    /** Of a statement's streams; empty if a cut leaves out some of what its snapshot holds. */
    public static Optional<Snapshots> of(Collection<ResolvedStream> streams) {
      List<String> ids = new ArrayList<>();
      for (ResolvedStream stream : streams) {
        if (stream.state().isEmpty() || !stream.outside().isEmpty()) {
          return Optional.empty();
        }
        ids.add(
            stream.stream()
                + " "
                + stream.state().get().tableUuid()
                + " "
                + stream.state().get().snapshotId());
      }
      return ids.isEmpty() ? Optional.empty() : Optional.of(new Snapshots(ids));
    }
  }

  /**
   * A locked database without views.
   *
   * @param snapshots whose files it may read
   * @param files that it may read
   * @param folder its place for temporary files, which does not exist while it waits
   * @param connection one that no statement of a user has used
   */
  record Kept(Snapshots snapshots, Set<Path> files, Path folder, Connection connection) {
    void close() {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.warn("a statement's database did not close: {}", e.getMessage());
      }
    }
  }

  /** A database that may read these files, and nothing beyond these snapshots. */
  synchronized Optional<Kept> take(Snapshots snapshots, List<Path> files) {
    for (Iterator<Kept> each = waiting.iterator(); each.hasNext(); ) {
      Kept kept = each.next();
      if (kept.snapshots().equals(snapshots) && kept.files().containsAll(files)) {
        each.remove();
        return Optional.of(kept);
      }
    }
    return Optional.empty();
  }

  /**
   * Keeps a database whose statement ended well, or closes it.
   *
   * @param used the statement's own connection, which is closed
   * @param views names of the statement's views, quoted
   */
  void give(
      Snapshots snapshots, Set<Path> files, Path folder, Connection used, List<String> views) {
    Optional<Kept> clean = Optional.empty();
    try (used) {
      if (files.size() <= MAX_FILES) {
        Connection next = used.unwrap(DuckDBConnection.class).duplicate();
        clean = Optional.of(new Kept(snapshots, new HashSet<>(files), folder, next));
      }
    } catch (SQLException e) {
      LOG.warn("a statement's connection did not close: {}", e.getMessage());
    }
    clean.ifPresent(
        kept -> {
          if (isClean(kept.connection(), views)) {
            keep(kept);
          } else {
            kept.close();
          }
        });
  }

  private static boolean isClean(Connection connection, List<String> views) {
    try (Statement statement = connection.createStatement()) {
      for (String view : views) {
        statement.execute("DROP VIEW " + view);
      }
      try (ResultSet left = statement.executeQuery(LEFT)) {
        return left.next() && left.getLong(1) == 0;
      }
    } catch (SQLException e) {
      LOG.warn("a statement's database is not used again: {}", e.getMessage());
      return false;
    }
  }

  private void keep(Kept kept) {
    List<Kept> over = new ArrayList<>();
    synchronized (this) {
      waiting.addFirst(kept);
      while (waiting.size() > (closed ? 0 : MAX_KEPT)) {
        over.add(waiting.removeLast());
      }
    }
    over.forEach(Kept::close);
  }

  /** How many wait. */
  synchronized int size() {
    return waiting.size();
  }

  @Override
  public void close() {
    List<Kept> rest;
    synchronized (this) {
      closed = true;
      rest = List.copyOf(waiting);
      waiting.clear();
    }
    rest.forEach(Kept::close);
  }
}
