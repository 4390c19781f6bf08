package io.watershed.query;

import io.watershed.core.checkpoint.Gap;
import io.watershed.core.config.LiveReadSettings;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.UnwrittenOutput;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.SystemColumn;
import io.watershed.core.time.RealScheduler;
import io.watershed.cut.CutResolver;
import io.watershed.cut.CutResolver.LiveReads;
import io.watershed.cut.CutRounds;
import io.watershed.cut.FileSumsCache;
import io.watershed.cut.HeldCut;
import io.watershed.cut.LiveMemory;
import io.watershed.cut.LiveMode;
import io.watershed.cut.LiveNeed;
import io.watershed.cut.LiveNeeds;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipt;
import io.watershed.cut.Receipts;
import io.watershed.cut.ResolvedStream;
import io.watershed.cut.StreamNames;
import io.watershed.cut.StreamNames.Meaning;
import io.watershed.cut.StreamNames.Side;
import io.watershed.cut.StreamSide;
import io.watershed.cut.StreamSources;
import io.watershed.cut.Waiting;
import io.watershed.cut.condition.Conditions;
import io.watershed.query.StatementControl.Registration;
import io.watershed.query.StatementControl.Step;
import io.watershed.query.StatementReport.StepTime;
import io.watershed.query.StatementReport.StreamCost;
import io.watershed.query.gate.GatedSelect;
import io.watershed.query.gate.SqlGate;
import io.watershed.query.gate.TableName;
import io.watershed.query.system.ArchiveSource;
import io.watershed.query.system.ArchiveSource.Archive;
import io.watershed.query.system.SystemSources;
import io.watershed.query.system.SystemTables;
import io.watershed.query.view.ArrivalRows;
import io.watershed.query.view.FileCache;
import io.watershed.query.view.KeptDatabases;
import io.watershed.query.view.KeptDatabases.Snapshots;
import io.watershed.query.view.LocalFiles;
import io.watershed.query.view.Relation;
import io.watershed.query.view.SharedFiles;
import io.watershed.query.view.StatementDatabase;
import io.watershed.query.view.StreamRelations;
import io.watershed.query.worker.IsolatedRunner;
import io.watershed.query.worker.WorkerSettings;
import io.watershed.reservoir.Reservoir;
import io.watershed.reservoir.replays.StoredReplay;
import io.watershed.reservoir.replays.StoredReplays;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.TableState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine on embedded DuckDB: gate, cut, view, run. */
final class DuckDbQueryEngine implements QueryEngine {
  private static final Logger LOG = LoggerFactory.getLogger(DuckDbQueryEngine.class);
  private static final String ENGINE =
      "duckdb " + org.duckdb.DuckDBDriver.class.getPackage().getImplementationVersion();

  private final Reservoir reservoir;
  private final KeptTables tables;
  private final StreamSources sources;
  private final SqlSettings settings;
  private final Path temporary;
  private final RealScheduler scheduler = new RealScheduler("query-timers");
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(daemons("query-timeout"));
  private final ExecutorService workers;
  private final SqlGate gate;
  private final FileSumsCache sums;
  private final LocalFiles files;
  private final CutResolver cuts;
  private final CutRounds rounds;
  private final Semaphore writing = new Semaphore(1);
  private final Receipts receipts;
  private final KeptDatabases databases = new KeptDatabases();
  private final StatementRunner runner;
  private final Optional<RemoteEngine> remote;

  DuckDbQueryEngine(
      Reservoir reservoir,
      StreamSources sources,
      SqlSettings settings,
      LiveReadSettings live,
      LiveMemory memory,
      Path cacheFolder,
      Optional<WorkerSettings> isolation,
      Optional<RemoteEngine> remote) {
    this.remote = remote;
    this.reservoir = reservoir;
    this.tables = new KeptTables(reservoir);
    this.sources = sources;
    this.settings = settings;
    this.temporary = cacheFolder.resolve("tmp");
    this.workers = Executors.newFixedThreadPool(settings.parallelDownloads(), daemons("query"));
    this.gate = SqlGate.open(settings);
    this.sums = new FileSumsCache(workers);
    this.files =
        new FileCache(
            reservoir.store(),
            cacheFolder.resolve("files"),
            settings.cacheBytes(),
            workers,
            scheduler);
    this.cuts =
        new CutResolver(
            live,
            scheduler,
            SplittableRandom::new,
            sums,
            new ArrivalRows(settings, temporary, files),
            Waiting::within);
    this.rounds = new CutRounds(cuts, live, memory);
    this.receipts = new Receipts(reservoir.store(), ENGINE);
    this.runner =
        isolation
            .<StatementRunner>map(worker -> new IsolatedRunner(settings, worker, temporary))
            .orElseGet(() -> new InProcessRunner(new StatementRun(settings, timers)));
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public QueryOutcome execute(SqlRequest request, ResultSink sink, StatementControl control) {
    StepClock clock = new StepClock(scheduler::nanoTime, control);
    String sql = remote.map(engine -> engine.portable(request.sql())).orElseGet(request::sql);
    GatedSelect select = gate.check(sql);
    StreamNames names = new StreamNames(knownStreams());
    Map<String, Meaning> views = new LinkedHashMap<>();
    Map<String, Conditions> conditions = new TreeMap<>();
    Set<String> systemTables = new TreeSet<>();
    for (TableName table : select.tables()) {
      place(table, select, names, views, systemTables)
          .ifPresent(
              meaning ->
                  conditions.merge(meaning.stream(), select.conditions(table), Conditions::or));
    }
    if (request.asOf().isPresent() && !systemTables.isEmpty()) {
      throw new WatershedException(
          ErrorCode.SQL,
          "watershed." + systemTables.iterator().next() + " describes the present",
          "Leave --as-of out, or ask the stream only.");
    }
    remote.ifPresent(engine -> requireStreamsOnly(systemTables));
    clock.enter(Step.CUT);
    if (!systemTables.isEmpty() || remote.isPresent()) {
      // They tell of every shard, and so does the receipt that another engine answers.
      conditions.replaceAll((stream, some) -> Conditions.NONE);
    }
    Receipt receipt;
    List<String> notices;
    CompletableFuture<Optional<String>> stored;
    List<StreamCost> costs;
    long rows;
    try (Pinned pinned = pin(conditions, request.asOf(), request.live(), control)) {
      receipt = pinned.receipt();
      notices = new ArrayList<>(pinned.notices());
      control.pinned(receipt);
      stored = store(pinned, request.asOf());
      costs = new ArrayList<>(costs(pinned));
      if (remote.isPresent()) {
        requireStored(stored);
        pinned.close();
        clock.enter(Step.RUN);
        Duration left = settings.timeout().minus(clock.elapsed());
        rows = remote.get().run(receipt.id(), sql, left, sink, control);
        return ended(request, sink, clock, new Answer(rows, receipt, notices, stored, costs));
      }
      try (StatementDatabase database = database(pinned, systemTables)) {
        clock.enter(Step.FILES);
        Map<String, Long> fetched = createViews(database, pinned, views, select.columns());
        costs.replaceAll(cost -> cost.withFetched(fetched.getOrDefault(cost.stream(), 0L)));
        if (!systemTables.isEmpty()) {
          SystemTables.create(database.connection(), systemTables, systemSources(pinned));
        }
        pinned.releaseRecords();
        clock.enter(Step.RUN);
        Duration left = settings.timeout().minus(clock.elapsed());
        rows = runner.run(database, sql, left, sink, control);
      }
    }
    return ended(request, sink, clock, new Answer(rows, receipt, notices, stored, costs));
  }

  private record Answer(
      long rows,
      Receipt receipt,
      List<String> notices,
      CompletableFuture<Optional<String>> stored,
      List<StreamCost> costs) {}

  private static QueryOutcome ended(
      SqlRequest request, ResultSink sink, StepClock clock, Answer answer) {
    List<StepTime> steps = clock.finish();
    List<String> notices = answer.notices();
    request.asOf().flatMap(DuckDbQueryEngine::approximate).ifPresent(notices::add);
    answer.stored().join().ifPresent(notices::add);
    QueryOutcome outcome =
        new QueryOutcome(
            answer.rows(),
            answer.receipt(),
            clock.elapsed(),
            notices,
            new StatementReport(answer.costs(), steps));
    end(sink, outcome);
    LOG.debug(
        "answered {} rows in {} ms, receipt {}",
        outcome.rows(),
        outcome.elapsed().toMillis(),
        outcome.receipt().id());
    return outcome;
  }

  private static void requireStreamsOnly(Set<String> systemTables) {
    if (!systemTables.isEmpty()) {
      throw new WatershedException(
          ErrorCode.SQL,
          "watershed." + systemTables.iterator().next() + " is a table of the embedded engine",
          "Ask it with --engine duckdb.");
    }
  }

  /** Another engine finds the cut by the stored receipt only. */
  private static void requireStored(CompletableFuture<Optional<String>> stored) {
    stored
        .join()
        .ifPresent(
            why -> {
              throw new WatershedException(
                  ErrorCode.STORE,
                  "the statement's receipt could not be stored, and another engine needs it: "
                      + why,
                  "Allow writing to 'receipts' in the reservoir, or use --engine duckdb.");
            });
  }

  private StatementDatabase database(Pinned pinned, Set<String> systemTables) {
    return Snapshots.of(pinned.streams().values())
        .filter(snapshots -> systemTables.isEmpty())
        .map(snapshots -> StatementDatabase.open(settings, temporary, databases, snapshots))
        .orElseGet(() -> StatementDatabase.open(settings, temporary));
  }

  private List<StreamCost> costs(Pinned pinned) {
    return pinned.streams().values().stream()
        .map(stream -> StreamCosts.of(stream, tables.find(stream.stream())))
        .toList();
  }

  private static void end(ResultSink sink, QueryOutcome outcome) {
    try {
      sink.end(outcome);
    } catch (IOException e) {
      throw UnwrittenOutput.error(e);
    }
  }

  private SortedSet<String> knownStreams() {
    TreeSet<String> names = new TreeSet<>(reservoir.streams());
    names.addAll(sources.names());
    return names;
  }

  private static Optional<Meaning> place(
      TableName table,
      GatedSelect select,
      StreamNames names,
      Map<String, Meaning> views,
      Set<String> systemTables) {
    if (!table.schema().isEmpty() && !table.isInMain()) {
      if (!SystemTables.isSystemTable(table.schema(), table.name())) {
        throw UnknownTable.error(names.streams(), table);
      }
      systemTables.add(table.name().toLowerCase(Locale.ROOT));
      return Optional.empty();
    }
    Optional<Meaning> meaning = names.find(table.name());
    if (meaning.isEmpty() && !select.defines(table)) {
      throw UnknownTable.error(names.streams(), table);
    }
    if (meaning.isPresent()) {
      Meaning other = views.put(table.name().toLowerCase(Locale.ROOT), meaning.get());
      if (other != null && !other.equals(meaning.get())) {
        throw new WatershedException(
            ErrorCode.SQL,
            "the statement names two streams that differ only in case: "
                + other.stream()
                + ", "
                + meaning.get().stream(),
            "SQL cannot tell them apart in one statement; use the alias of one of them.");
      }
    }
    return meaning;
  }

  private Pinned pin(
      Map<String, Conditions> streams,
      Optional<AsOf> asOf,
      LiveMode mode,
      StatementControl control) {
    LiveReads reads = cuts.newStatement();
    Optional<Instant> until = asOf.flatMap(this::time);
    Optional<Receipt> receipt = asOf.flatMap(this::receipt);
    Map<String, PinnedStream> wanted = new TreeMap<>();
    receipt.ifPresent(
        r -> streams.keySet().forEach(stream -> wanted.put(stream, r.require(stream))));
    // A thread each: streams wait for the network, not for each other.
    List<CompletableFuture<HeldCut>> resolving = new ArrayList<>();
    for (String stream : streams.keySet()) {
      Conditions conditions = streams.getOrDefault(stream, Conditions.NONE);
      resolving.add(
          resolve(
              () -> {
                PinnedStream pinned = wanted.get(stream);
                LiveNeed need = LiveNeeds.of(conditions);
                return pinned == null
                    ? rounds.resolve(() -> side(stream, mode, conditions), mode, until, need, reads)
                    : rounds.repeat(side(stream, mode, conditions), pinned, mode, need, reads);
              }));
    }
    try (Registration onCancel = control.onCancel(() -> giveUp(resolving))) {
      List<HeldCut> held = Waiting.forAll(resolving);
      List<PinnedStream> cut = held.stream().map(stream -> stream.stream().pinned()).toList();
      return new Pinned(
          receipt.orElseGet(() -> receipts.print(scheduler.instant(), until, cut)), held);
    } catch (RuntimeException | Error e) {
      for (CompletableFuture<HeldCut> stream : resolving) {
        var unused = stream.thenAccept(HeldCut::close);
      }
      throw e;
    }
  }

  /** On a thread of its own; what comes after somebody has given up is let go. */
  private static CompletableFuture<HeldCut> resolve(Supplier<HeldCut> resolver) {
    CompletableFuture<HeldCut> resolving = new CompletableFuture<>();
    daemons("query-cut")
        .newThread(
            () -> {
              try {
                HeldCut cut = resolver.get();
                if (!resolving.complete(cut)) {
                  cut.close();
                }
              } catch (RuntimeException | Error e) {
                resolving.completeExceptionally(e);
              }
            })
        .start();
    return resolving;
  }

  /** Nobody waits any longer; the reads end at their own bounds. */
  private static void giveUp(List<CompletableFuture<HeldCut>> resolving) {
    resolving.forEach(
        stream -> stream.completeExceptionally(StatementControl.cancelledError(null)));
  }

  private Optional<Receipt> receipt(AsOf asOf) {
    return asOf instanceof AsOf.Receipt given
        ? Optional.of(receipts.find(given.idOrBody()))
        : Optional.empty();
  }

  private static Optional<String> approximate(AsOf asOf) {
    return asOf instanceof AsOf.Time given
        ? Optional.of(
            "As of "
                + given.time()
                + " by arrival times, which are approximate: each shard ends before its first"
                + " record that arrived later. The receipt repeats exactly this cut.")
        : Optional.empty();
  }

  private Optional<Instant> time(AsOf asOf) {
    if (!(asOf instanceof AsOf.Time given)) {
      return Optional.empty();
    }
    Instant now = scheduler.instant();
    if (given.time().isAfter(now)) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "the time " + given.time() + " is in the future: it is " + now,
          "What will have arrived by then is not known yet; leave --as-of out for the present.");
    }
    return Optional.of(given.time());
  }

  /** A source that nobody reads is not opened: that takes as long as a small statement. */
  private StreamSide side(String stream, LiveMode mode, Conditions conditions) {
    return new StreamSide(
        stream,
        tables.find(stream),
        mode == LiveMode.OFF ? Optional.empty() : sources.find(stream),
        sources.format(stream),
        sources.hotTail(stream),
        conditions);
  }

  private CompletableFuture<Optional<String>> store(Pinned pinned, Optional<AsOf> asOf) {
    boolean repeated = asOf.filter(AsOf.Receipt.class::isInstance).isPresent();
    if (repeated || pinned.streams().isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return CompletableFuture.supplyAsync(() -> receipts.store(pinned.receipt()), workers);
  }

  /** Returns what was fetched for each stream, in bytes. */
  private Map<String, Long> createViews(
      StatementDatabase database,
      Pinned pinned,
      Map<String, Meaning> views,
      Optional<Set<String>> columns) {
    Map<String, StreamRelations> relations = new TreeMap<>();
    views.forEach(
        (name, meaning) -> {
          StreamRelations sides =
              relations.computeIfAbsent(
                  meaning.stream(),
                  stream ->
                      relations(
                          database,
                          pinned.stream(stream),
                          columns,
                          Optional.of(pinned.files(stream, temporary, writing))));
          database.addView(name, viewSql(database, sides, meaning.side()));
        });
    Map<String, Long> fetched = new TreeMap<>();
    relations.forEach((stream, sides) -> fetched.put(stream, sides.bytesFetched()));
    return fetched;
  }

  private StreamRelations relations(
      StatementDatabase database,
      ResolvedStream stream,
      Optional<Set<String>> columns,
      Optional<SharedFiles> shared) {
    return new StreamRelations(
        database, files, sums, settings, stream, tables.find(stream.stream()), columns, shared);
  }

  private static String viewSql(StatementDatabase database, StreamRelations sides, Side side) {
    List<Relation> parts = new ArrayList<>();
    if (side == Side.COPIES) {
      parts.addAll(sides.copies());
    } else if (side != Side.LIVE) {
      parts.add(sides.archive());
    }
    boolean noneLive = sides.liveRecords().isEmpty();
    if (side == Side.LIVE || (side == Side.BOTH && !noneLive)) {
      parts.add(sides.live());
    }
    parts.forEach(database::onClose);
    return String.join(" UNION ALL ", parts.stream().map(Relation::sql).toList());
  }

  private SystemSources systemSources(Pinned pinned) {
    return new SystemSources() {
      @Override
      public List<ArchiveSource> archives() {
        return knownStreams().stream().map(stream -> archiveSource(stream, pinned)).toList();
      }

      @Override
      public List<StoredReplay> replays() {
        return new StoredReplays(reservoir.store()).list();
      }
    };
  }

  /** A stream of the statement's cut is described as the cut has it. */
  private ArchiveSource archiveSource(String stream, Pinned pinned) {
    ResolvedStream resolved = pinned.streams().get(stream);
    Optional<ArchiveTable> table = tables.find(stream);
    Optional<TableState> state =
        resolved != null ? resolved.state() : table.map(ArchiveTable::load);
    List<Gap> gaps =
        resolved != null ? resolved.pinned().gaps() : state.map(TableState::gaps).orElse(List.of());
    Optional<Archive> archive = table.flatMap(t -> state.map(s -> new Archive(t, s)));
    return new ArchiveSource(stream, archive, gaps);
  }

  @Override
  public void requireRepeatable(ScanRequest request) {
    request.sql().forEach(gate::checkRepeatable);
  }

  @Override
  public void requirePredicate(String predicate) {
    gate.checkPredicate(predicate);
  }

  /** Names that the scan's SQL may read, and those of every record; empty for all. */
  private Optional<Set<String>> columnsOf(ScanRequest request) {
    Set<String> columns = new TreeSet<>();
    SystemColumn.all().forEach(column -> columns.add(column.columnName()));
    for (String sql : request.sql()) {
      Optional<Set<String>> read = gate.checkPredicate(sql).columns();
      if (read.isEmpty()) {
        return Optional.empty();
      }
      columns.addAll(read.get());
    }
    return Optional.of(columns);
  }

  @Override
  public RecordScan scan(ScanRequest request) {
    Optional<Set<String>> columns = columnsOf(request);
    Pinned pinned =
        pin(
            Map.of(request.stream(), Conditions.NONE),
            request.asOf(),
            request.live(),
            new StatementControl());
    StatementDatabase database = StatementDatabase.open(settings, temporary);
    // Its windows read the records again and again.
    database.onClose(pinned);
    try {
      Optional<String> notice = store(pinned, request.asOf()).join();
      notice.ifPresent(LOG::warn);
      ResolvedStream stream = pinned.stream(request.stream());
      StreamRelations relations = relations(database, stream, columns, Optional.empty());
      return new OrderedScan(
          request,
          pinned.receipt(),
          stream,
          stream.files().isEmpty()
              ? List.of()
              : sums.sums(
                  tables.find(request.stream()).orElseThrow(),
                  stream.files().stream().map(file -> file.file()).toList()),
          database,
          relations);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public void close() {
    runner.close();
    remote.ifPresent(RemoteEngine::close);
    databases.close();
    timers.shutdownNow();
    workers.shutdownNow();
    scheduler.close();
    gate.close();
  }
}
