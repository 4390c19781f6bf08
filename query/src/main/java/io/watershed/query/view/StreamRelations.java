package io.watershed.query.view;

import io.watershed.core.config.SqlSettings;
import io.watershed.core.payload.PayloadColumn;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.payload.UnlistedPaths;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.record.SystemColumn;
import io.watershed.cut.CutFile;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.schema.LogicalColumn;
import io.watershed.duckdb.RecordTable;
import io.watershed.duckdb.SqlText;
import io.watershed.query.view.LocalFiles.Localized;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.TableState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The two sides of one stream's cut as relations with the same logical columns. Belongs to one
 * statement's database; not thread-safe.
 */
public final class StreamRelations {
  private static final String COPIES = "physical._replay_id IS NOT NULL";
  private static final String NO_COPIES = "physical._replay_id IS NULL";

  private final StatementDatabase database;
  private final LocalFiles localFiles;
  private final FileSumsCache sums;
  private final ResolvedStream stream;
  private final Optional<ArchiveTable> table;
  private final Set<String> names;
  private final Set<String> columnsRead;
  private final Reshredder reshredder;
  private final RecordFiles recordFiles;
  private final Optional<SharedFiles> shared;
  private @Nullable Path schemaFile;
  private final Optional<Set<String>> readNames;
  private long bytesFetched;

  /**
   * @param table the archive; empty if there is none
   * @param columns names that the statement may read, in lower case; empty for all
   * @param shared files of the live side that other statements read too; empty for none
   */
  public StreamRelations(
      StatementDatabase database,
      LocalFiles localFiles,
      FileSumsCache sums,
      SqlSettings settings,
      ResolvedStream stream,
      Optional<ArchiveTable> table,
      Optional<Set<String>> columns,
      Optional<SharedFiles> shared) {
    this.database = database;
    this.shared = shared;
    this.localFiles = localFiles;
    this.sums = sums;
    this.stream = stream;
    this.table = table;
    this.readNames = columns;
    this.names = columns.orElse(Set.of());
    this.columnsRead = physicalNames(stream, columns);
    this.reshredder = new Reshredder(database, settings);
    this.recordFiles =
        new RecordFiles(database, stream.physical(), stream.format(), columnsRead, columns);
  }

  /** Names of top-level physical columns that the statement may read. */
  private static Set<String> physicalNames(ResolvedStream stream, Optional<Set<String>> columns) {
    Set<String> keys = new HashSet<>();
    for (LogicalColumn column : stream.pinned().schema().columns()) {
      String name = column.name().toLowerCase(Locale.ROOT);
      if (columns.isEmpty() || columns.get().stream().anyMatch(read -> reads(read, name))) {
        keys.add(column.key());
      }
    }
    Set<String> names = new HashSet<>();
    for (PayloadColumn column : stream.physical().columns()) {
      if (keys.contains(column.key())) {
        names.add(column.name());
      }
    }
    return names;
  }

  /** Whether a name is that of the column, or of one of its siblings. */
  private static boolean reads(String read, String column) {
    return read.equals(column) || read.startsWith(column + "__");
  }

  /**
   * An empty file that has every column, so that one which no data file has is NULL at its type.
   */
  private Path schemaFile() {
    Path written = schemaFile;
    if (written != null) {
      return written;
    }
    Path file = database.newFile("columns-" + Integer.toHexString(System.identityHashCode(this)));
    database.run(
        "COPY ("
            + PhysicalSql.emptySelect(stream.physical())
            + ") TO "
            + SqlText.literal(file.toString())
            + " (FORMAT parquet)");
    database.allow(file);
    schemaFile = file;
    return file;
  }

  /** The live side: records of the cut that are not archived, without kept copies. */
  public Relation live() {
    List<StreamRecord> records = liveRecords();
    return shared
        .map(files -> new Relation(logical(recordFiles.select(records, files), "true"), List.of()))
        .orElseGet(() -> fromFile(records, "true"));
  }

  /** A statement's own copy of records: see {@link RecordFiles}. */
  private Relation fromFile(List<StreamRecord> records, String condition) {
    return new Relation(logical(recordFiles.select(records), condition), List.of());
  }

  /** The live side as far as these of its records go, straight from memory: for scans of ours. */
  public Relation live(List<StreamRecord> some) {
    RecordTable records = table(some);
    return new Relation(logical(records.selectSql(), "true"), List.of(records));
  }

  private RecordTable table(List<StreamRecord> records) {
    return RecordTable.register(database.connection(), records, stream.physical(), stream.format());
  }

  /** The archived side, without kept copies. */
  public Relation archive() {
    return archive(stream.files(), NO_COPIES, true);
  }

  /** The archived side as far as these of its files hold it: for scans of ours. */
  public Relation archive(List<CutFile> files) {
    return archive(files, NO_COPIES, false);
  }

  /** The same for a statement that may need all of its memory: see {@link RecordFiles}. */
  public Relation archiveInFiles(List<CutFile> files) {
    return archive(files, NO_COPIES, true);
  }

  /** The kept copies of both sides: replayed records that came back (PROTOCOL 6.7). */
  public List<Relation> copies() {
    List<Relation> copies = new ArrayList<>(List.of(archive(stream.files(), COPIES, true)));
    List<StreamRecord> live = stream.live().stream().filter(StreamRecord::isCopy).toList();
    if (!live.isEmpty()) {
      copies.add(fromFile(live, "true"));
    }
    return copies;
  }

  /**
   * @param forUser whether a user's statement reads the relation: see {@link RecordFiles}
   */
  private Relation archive(List<CutFile> files, String condition, boolean forUser) {
    List<DataFileInfo> infos = files.stream().map(CutFile::file).toList();
    List<Path> paths = localize(infos, FileColumns.read(readNames, columnsRead, files));
    paths.forEach(database::allow);
    boolean[] again = needShredding(infos, paths);
    localize(
        IntStream.range(0, again.length).filter(i -> again[i]).mapToObj(infos::get).toList(),
        Optional.of(FileColumns.RECORD));
    FileParts whole = new FileParts(stream.physical(), columnsRead);
    FileParts filtered = new FileParts(stream.physical(), columnsRead);
    List<Reshredder.Input> old = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      if (again[i]) {
        old.add(new Reshredder.Input(paths.get(i), files.get(i)));
      } else {
        (files.get(i).filtered() ? filtered : whole).add(paths.get(i), infos.get(i).columns());
      }
    }
    List<String> parts = new ArrayList<>();
    List<AutoCloseable> resources = new ArrayList<>();
    if (!old.isEmpty() && forUser) {
      parts.add(recordFiles.select(reshredder.read(stream, old)));
    } else if (!old.isEmpty()) {
      RecordTable records = table(reshredder.read(stream, old));
      resources.add(records);
      parts.add(records.selectSql());
    }
    parts.addAll(whole.selects(this::schemaFile));
    for (String select : filtered.selects(this::schemaFile)) {
      parts.add(select + " WHERE " + PhysicalSql.inside(stream.outside()));
    }
    if (parts.isEmpty()) {
      parts.add(PhysicalSql.emptySelect(stream.physical()));
    }
    return new Relation(logical(String.join(" UNION ALL ", parts), condition), resources);
  }

  private List<Path> localize(List<DataFileInfo> infos, Optional<Set<String>> columns) {
    Localized localized = localFiles.localize(infos, columns);
    bytesFetched += localized.bytesFetched();
    return localized.paths();
  }

  /** What was fetched for the relations that were made so far. */
  public long bytesFetched() {
    return bytesFetched;
  }

  private String logical(String physicalSelect, String condition) {
    PayloadSchema inFiles = stream.state().map(TableState::schema).orElse(PayloadSchema.EMPTY);
    List<String> items = new ArrayList<>(List.of(SystemColumn.selectList()));
    LogicalSelect select = new LogicalSelect(SelectDialect.DUCKDB);
    items.addAll(
        select.items(stream.pinned().schema().columns(), stream.physical(), inFiles, "physical"));
    items.addAll(
        select.siblings(stream.pinned().schema().columns(), stream.physical(), names, "physical"));
    return "SELECT "
        + String.join(", ", items)
        + " FROM ("
        + physicalSelect
        + ") AS physical WHERE "
        + condition;
  }

  /**
   * Files whose payloads hold a path that has a column now, but had none when the file was written
   * (PROTOCOL 4.3). Their payloads are the truth; all other absent columns are NULL, exactly.
   */
  private boolean[] needShredding(List<DataFileInfo> files, List<Path> paths) {
    boolean[] need = new boolean[files.size()];
    boolean hasColumns = !stream.format().name().equals(PayloadFormat.RAW.name());
    if (columnsRead.isEmpty() || files.isEmpty() || !hasColumns) {
      return need;
    }
    List<FileSums> footers = sums.sums(table.orElseThrow(), files, paths);
    List<PayloadLayout.Slot> slots = PayloadLayout.of(stream.physical()).slots();
    for (int i = 0; i < need.length; i++) {
      UnlistedPaths unlisted = UnlistedPaths.parse(footers.get(i).unlistedPaths());
      Set<String> present = files.get(i).columns();
      need[i] =
          !footers.get(i).unlistedPaths().isEmpty()
              && slots.stream().anyMatch(slot -> isHidden(slot, slots, unlisted, present));
    }
    return need;
  }

  private boolean isHidden(
      PayloadLayout.Slot slot,
      List<PayloadLayout.Slot> slots,
      UnlistedPaths unlisted,
      Set<String> present) {
    PayloadLayout.Slot top = slot;
    while (top.parent() != PayloadLayout.NO_PARENT) {
      top = slots.get(top.parent());
    }
    boolean hasColumn =
        slot.parent() == PayloadLayout.NO_PARENT && present.contains(slot.column().name());
    return columnsRead.contains(top.column().name())
        && !hasColumn
        && unlisted.mayHold(slot.path(), slot.column().type());
  }

  /** Live records without kept copies, for scans that need them in order. */
  public List<StreamRecord> liveRecords() {
    return stream.live().stream().filter(record -> !record.isCopy()).toList();
  }
}
