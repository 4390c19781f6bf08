package io.watershed.archive.imports;

import io.watershed.archive.encode.Encoder;
import io.watershed.archive.imports.ImportReport.Failure;
import io.watershed.archive.verify.ArchiveScan;
import io.watershed.core.checkpoint.ShardCheckpoint;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.ShardKey;
import io.watershed.core.scratch.ScratchFolder;
import io.watershed.core.stream.Shard;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.ImportedObject;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Imports the objects of another tool, each once, whether it is repeated, interrupted or killed:
 * rows and the list of objects change in one commit (PROTOCOL 8). One import at a time.
 */
public final class Importer {
  private static final long BATCH_BYTES = 256L << 20;
  private static final int BATCH_OBJECTS = 1_000;

  private final Reservoir reservoir;
  private final ObjectStore source;
  private final PayloadFormat format;
  private final Encoder encoder;
  private final Path scratch;

  /**
   * @param source where the objects are
   * @param format the stream's
   * @param encoder of that format
   * @param scratch an existing folder on a local disk
   */
  public Importer(
      Reservoir reservoir,
      ObjectStore source,
      PayloadFormat format,
      Encoder encoder,
      Path scratch) {
    this.reservoir = reservoir;
    this.source = source;
    this.format = format;
    this.encoder = encoder;
    this.scratch = scratch;
  }

  /**
   * Looks at source and table. Changes nothing.
   *
   * @throws WatershedException {@code not-found} if the source has no objects; {@code store} and
   *     the like
   */
  public ImportPlan plan(ImportRequest request) {
    Optional<ArchiveTable> table = reservoir.find(request.stream());
    Optional<TableState> state = table.map(ArchiveTable::load);
    try (ScratchFolder folder = ScratchFolder.in(scratch, "import");
        ObjectReader reader = new ObjectReader(source, request, folder.path());
        ArchiveScan scan = new ArchiveScan(reservoir.store(), folder.path())) {
      Known known = new Known(table.map(ArchiveTable::importedObjects).orElse(List.of()));
      List<SourceObject> objects = new ArrayList<>();
      long listed = 0;
      long changed = 0;
      for (ObjectInfo info : source.list("")) {
        if (isHidden(info.key())) {
          continue;
        }
        listed++;
        SourceObject object = object(info);
        if (!known.holds(object, reader)) {
          objects.add(object);
          changed += known.hasOther(object) ? 1 : 0;
        }
      }
      if (listed == 0) {
        throw new WatershedException(
            ErrorCode.NOT_FOUND,
            "There are no objects in " + source.root(),
            "Check the path; names that begin with '_' or '.' are left out.");
      }
      Optional<Instant> until =
          request.until().or(() -> state.flatMap(s -> scan.firstArrival(table.orElseThrow(), s)));
      Set<ShardKey> shards = state.map(s -> Set.copyOf(s.checkpoints().keySet())).orElse(Set.of());
      return new ImportPlan(
          request,
          ImportPositions.next(shards).key().shardId(),
          until,
          objects,
          objects.stream().mapToLong(SourceObject::sizeBytes).sum(),
          listed - objects.size(),
          changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Imports what was planned.
   *
   * @param stop asked between objects: true ends the import as {@code cancelled}; what is committed
   *     stays, and the same import goes on from there
   * @throws WatershedException {@code fenced} if somebody else imports into the same table
   */
  public ImportReport run(ImportPlan plan, ImportListener listener, BooleanSupplier stop) {
    ArchiveTable table = reservoir.createOrLoad(plan.request().stream());
    try (ScratchFolder folder = ScratchFolder.in(scratch, "import");
        ObjectReader reader = new ObjectReader(source, plan.request(), folder.path());
        ArchiveScan scan = new ArchiveScan(reservoir.store(), folder.path())) {
      Run run = new Run(plan, table, reader, listener, stop);
      run.all();
      return run.report(scan);
    }
  }

  private SourceObject object(ObjectInfo info) {
    return new SourceObject(
        info.key(), source.root() + "/" + info.key(), info.sizeBytes(), info.lastModified());
  }

  /** Markers such as {@code _SUCCESS}, and files that are still being written. */
  private static boolean isHidden(String key) {
    for (String segment : key.split("/", -1)) {
      if (segment.startsWith("_") || segment.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** What was imported before. */
  private static final class Known {
    private final Map<String, List<ImportedObject>> byLocation = new HashMap<>();

    Known(List<ImportedObject> imported) {
      imported.forEach(
          object ->
              byLocation.computeIfAbsent(object.location(), k -> new ArrayList<>()).add(object));
    }

    boolean hasOther(SourceObject object) {
      return byLocation.containsKey(object.location());
    }

    /** Location, size and content: read again only if it was written again since. */
    boolean holds(SourceObject object, ObjectReader reader) throws IOException {
      String digest = null;
      for (ImportedObject imported : byLocation.getOrDefault(object.location(), List.of())) {
        if (imported.sizeBytes() != object.sizeBytes()) {
          continue;
        }
        if (imported.lastModified().equals(object.lastModified())) {
          return true;
        }
        digest = digest == null ? reader.digest(object) : digest;
        if (imported.sha256().equals(digest)) {
          return true;
        }
      }
      return false;
    }
  }

  /** One import. */
  private final class Run {
    private final ImportPlan plan;
    private final ArchiveTable table;
    private final ObjectReader reader;
    private final ImportListener listener;
    private final BooleanSupplier stop;
    private final Overlaps overlaps = new Overlaps();
    private final List<Failure> failures = new ArrayList<>();
    private final Totals totals = new Totals();
    private final ShardCommits commits;
    private long failed;
    private long fileNumber;

    Run(
        ImportPlan plan,
        ArchiveTable table,
        ObjectReader reader,
        ImportListener listener,
        BooleanSupplier stop) {
      this.plan = plan;
      this.table = table;
      this.reader = reader;
      this.listener = listener;
      this.stop = stop;
      TableState state = table.load();
      Shard shard = ImportPositions.next(state.checkpoints().keySet());
      if (!shard.key().shardId().equals(plan.shardId())) {
        throw ShardCommits.anotherImport(plan.shardId());
      }
      this.commits = new ShardCommits(table, state, ShardCheckpoint.start(shard));
    }

    void all() {
      List<SourceObject> batch = new ArrayList<>();
      long bytes = 0;
      for (SourceObject object : plan.objects()) {
        if (!batch.isEmpty()
            && (bytes + object.sizeBytes() > BATCH_BYTES || batch.size() >= BATCH_OBJECTS)) {
          commit(batch);
          batch.clear();
          bytes = 0;
        }
        batch.add(object);
        bytes += object.sizeBytes();
      }
      commit(batch);
    }

    /** Commits these objects together; one that cannot be read is left out, and the rest redone. */
    private void commit(List<SourceObject> batch) {
      List<SourceObject> objects = new ArrayList<>(batch);
      while (!objects.isEmpty()) {
        BatchImport attempt =
            new BatchImport(
                plan, format, encoder, reader, commits, fileNumber, objects, stop, this::progress);
        try (ScratchFolder files = ScratchFolder.in(scratch, "batch")) {
          Optional<BatchImport.Broken> broken = attempt.read(files.path());
          if (broken.isEmpty()) {
            commits.commit(attempt);
            fileNumber += objects.size();
            attempt.addTo(totals, overlaps);
            return;
          }
          failed++;
          if (failures.size() < ImportReport.MAX_FAILURES) {
            failures.add(new Failure(broken.get().object().location(), broken.get().reason()));
          }
          objects.remove(broken.get().object());
        }
      }
    }

    private void progress(long objects, long bytes, long rows) {
      listener.progress(totals.objects + objects, totals.sourceBytes + bytes, totals.rows + rows);
    }

    ImportReport report(ArchiveScan scan) {
      return new ImportReport(
          plan.shardId(),
          totals.objects,
          totals.rows,
          totals.payloadBytes,
          totals.undecoded,
          totals.timeFallbacks,
          plan.already(),
          overlaps.compare(scan, table, table.load()),
          failures,
          failed);
    }
  }

  /** What is committed. */
  static final class Totals {
    long objects;
    long sourceBytes;
    long rows;
    long payloadBytes;
    long undecoded;
    long timeFallbacks;
  }
}
