package io.watershed.glue;

import io.watershed.core.config.CatalogSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.glue.GlueApi.Change;
import io.watershed.glue.MirrorOutcome.Action;
import io.watershed.reservoir.table.MetadataPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * Brings single tables of Glue in line with archives. What it does can be repeated, by several
 * processes at once: the newest version wins. Thread-safe.
 */
public final class GlueTables implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GlueTables.class);
  private static final int MAX_TRIES = 5;

  /** https://docs.aws.amazon.com/glue/latest/webapi/API_TableOptimizer.html. */
  private static final List<String> OPTIMIZERS =
      List.of("compaction", "retention", "orphan_file_deletion");

  private final GlueApi glue;
  private final String database;

  private GlueTables(GlueApi glue, String database) {
    this.glue = glue;
    this.database = database;
  }

  /**
   * Opens a connection; makes no request.
   *
   * @throws WatershedException {@code config} without a region or profile
   */
  public static GlueTables open(CatalogSettings settings) {
    return new GlueTables(GlueApi.open(settings.access()), settings.database());
  }

  /** How far to go. */
  public enum Depth {
    /** Only say what there is to do. */
    LOOK,
    /** Point the table to the archive's version. */
    POINT,
    /** The same, and disable what would delete the archive's files. */
    GUARD
  }

  /**
   * Points the archive's table to this version, or leaves it at a newer one.
   *
   * @throws WatershedException {@code invalid-input} if a table of this name shows something else;
   *     errors of the service
   */
  public MirrorOutcome mirror(MetadataPointer pointer, Depth depth) {
    TableEntry entry = new TableEntry(pointer);
    for (int attempt = 1; attempt <= MAX_TRIES; attempt++) {
      Optional<Table> found = glue.find(database, entry.name());
      found.ifPresent(table -> requireOurs(entry, table, pointer));
      Action action =
          found
              .map(table -> entry.isCurrent(table) ? Action.CURRENT : Action.UPDATED)
              .orElse(Action.CREATED);
      if (depth == Depth.LOOK || change(entry, found, action)) {
        Optional<String> foreign = found.flatMap(entry::foreign);
        foreign.ifPresent(location -> alarm(entry, pointer, location));
        return guard(new Outline(pointer, entry, action, foreign), depth);
      }
      LOG.debug("{} changed while it was looked at, try {}", name(entry), attempt);
    }
    throw new WatershedException(
        ErrorCode.STORE,
        name(entry) + " was changed by others " + MAX_TRIES + " times in a row",
        "See who writes to it in Glue; the next commit tries again.");
  }

  private record Outline(
      MetadataPointer pointer, TableEntry entry, Action action, Optional<String> foreign) {}

  private void requireOurs(TableEntry entry, Table table, MetadataPointer pointer) {
    if (!entry.isOf(table)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "The table "
              + name(entry)
              + " in Glue is not the archive of '"
              + pointer.stream()
              + "': it shows "
              + TableEntry.pointsTo(table).orElse("something else than an Iceberg table"),
          "It is left alone. Give 'catalog' another 'database', or the stream another 'alias'.");
    }
  }

  /** Whether the table is now as it should be; else to be looked at again. */
  private boolean change(TableEntry entry, Optional<Table> found, Action action) {
    if (action == Action.CURRENT) {
      return true;
    }
    Change change =
        found.isPresent()
            ? glue.update(
                database, entry.changed(found.get()), Optional.ofNullable(found.get().versionId()))
            : glue.create(database, entry.made());
    if (change == Change.NO_DATABASE && found.isEmpty()) {
      glue.createDatabase(database);
    }
    return change == Change.DONE;
  }

  private void alarm(TableEntry entry, MetadataPointer pointer, String location) {
    LOG.error(
        "ALARM: {} in Glue pointed to {}, which no archiver wrote: another engine wrote to the"
            + " archive through Glue. It is pointed to version {} of '{}' again; what was written"
            + " is not in the archive. See who may update the table (watershed catalog policy), and"
            + " run 'watershed verify {}'.",
        name(entry),
        location,
        pointer.version(),
        pointer.stream(),
        pointer.stream());
  }

  private MirrorOutcome guard(Outline outline, Depth depth) {
    List<String> enabled = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Optional<Table> table =
        depth == Depth.POINT ? Optional.empty() : glue.find(database, outline.entry().name());
    if (table.isPresent() && table.get().catalogId() == null) {
      notes.add("Glue does not name the account, so its optimizers were not looked at.");
    } else if (table.isPresent()) {
      for (String type : OPTIMIZERS) {
        look(table.get(), type, notes)
            .ifPresent(optimizer -> guard(table.get(), optimizer, depth, enabled, notes));
      }
    }
    return new MirrorOutcome(
        outline.pointer().stream(),
        name(outline.entry()),
        outline.action(),
        outline.pointer().version(),
        outline.foreign(),
        enabled,
        notes);
  }

  /** The table itself is as it should be by now: that this cannot be seen is only said. */
  private Optional<Optimizer> look(Table table, String type, List<String> notes) {
    try {
      return Optional.of(glue.optimizer(table, type));
    } catch (WatershedException e) {
      notes.add("Whether '" + type + "' is disabled could not be seen: " + e.getMessage() + ".");
      return Optional.empty();
    }
  }

  private void guard(
      Table table, Optimizer optimizer, Depth depth, List<String> enabled, List<String> notes) {
    if (optimizer.isEnabled()) {
      enabled.add(optimizer.type());
      LOG.error(
          "ALARM: Glue's optimizer '{}' was enabled for {}.{}: it rewrites or deletes files of the"
              + " archive. Run 'watershed verify'.",
          optimizer.type(),
          table.databaseName(),
          table.name());
    } else if (optimizer.isSet()) {
      return;
    }
    if (depth != Depth.GUARD) {
      return;
    }
    try {
      glue.disable(table, optimizer);
    } catch (WatershedException e) {
      if (optimizer.isEnabled()) {
        throw e;
      }
      // Nothing runs now. One that the catalog as a whole enables would.
      notes.add(
          "Glue did not take '"
              + optimizer.type()
              + "' as disabled ("
              + e.getMessage()
              + "): make sure that the catalog's own optimizers are off.");
    }
  }

  private String name(TableEntry entry) {
    return database + "." + entry.name();
  }

  @Override
  public void close() {
    glue.close();
  }
}
