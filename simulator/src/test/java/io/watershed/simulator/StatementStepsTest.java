package io.watershed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.RecordDigest;
import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.cut.LiveMode;
import io.watershed.cut.PinnedStream;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamDescription;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileRewrite;
import io.watershed.reservoir.table.FileSums;
import io.watershed.reservoir.table.NewDataFile;
import io.watershed.reservoir.table.RewriteRules;
import io.watershed.reservoir.table.TableState;
import io.watershed.simulator.SimulatedStore.Moment;
import io.watershed.simulator.StatementSide.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every interleaving of one statement with one event: the event happens between any two of the
 * statement's requests, to the store or to the stream, and so much time passes there that the
 * archiver commits.
 */
final class StatementStepsTest {
  private static final Duration A_WHILE = Duration.ofSeconds(25);

  @TempDir Path scratch;

  /** What happens to stream and archive. */
  private enum Event {
    COMMIT {
      @Override
      void happen(Course course) {}
    },
    SPLIT {
      @Override
      void happen(Course course) {
        SimulatedStream stream = course.scenario.kinesis.newest();
        stream.split(stream.openShards().get(0));
        course.scenario.put(9);
      }
    },
    MERGE {
      @Override
      void happen(Course course) {
        SimulatedStream stream = course.scenario.kinesis.newest();
        stream.merge(stream.openShards().get(0), stream.openShards().get(1));
        course.scenario.put(9);
      }
    },
    COMPACT {
      @Override
      void happen(Course course) {
        course.compact();
      }
    },
    /** After the archiver has had its time: what it committed is gone from the stream. */
    TRIM {
      @Override
      void happen(Course course) {
        course.trimAfterCommit();
      }
    };

    abstract void happen(Course course);
  }

  /** What is asked. */
  private enum Question {
    FRESH,
    AT_A_TIME,
    EARLIER_RECEIPT
  }

  private static final Set<Event> FOR_FRESH = EnumSet.allOf(Event.class);
  private static final Set<Event> FOR_OTHERS = EnumSet.of(Event.COMMIT, Event.SPLIT, Event.TRIM);

  @Test
  void whateverHappensBetweenTwoStepsTheAnswerIsItsCutAndStaysSo() {
    for (Question question : Question.values()) {
      for (Event event : question == Question.FRESH ? FOR_FRESH : FOR_OTHERS) {
        int steps = run(question, event, Integer.MAX_VALUE);
        assertThat(steps).as("%s has steps", question).isBetween(8, 60);
        for (int step = 0; step < steps; step++) {
          run(question, event, step);
        }
      }
    }
  }

  /** The number of steps that the statement had. */
  private int run(Question question, Event event, int step) {
    try (Scenario scenario = new Scenario(scratch, 2)) {
      Course course = new Course(scenario, scratch);
      scenario.start();
      scenario.runFor(A_WHILE);
      scenario.put(14);
      scenario.runFor(A_WHILE);
      scenario.put(10);
      Instant time = scenario.world.now();
      scenario.world.later(Duration.ofSeconds(1), () -> scenario.put(6));
      scenario.runFor(Duration.ofSeconds(2));
      Optional<Instant> until =
          question == Question.AT_A_TIME ? Optional.of(time) : Optional.empty();
      PinnedStream earlier = null;
      RecordDigest before = null;
      if (question == Question.EARLIER_RECEIPT) {
        Answer first = course.ask(s -> s.ask(LiveMode.REQUIRE, Optional.empty()));
        earlier = first.pinned();
        before = digest(first);
        scenario.put(5);
      }
      course.at(step, event);
      Instant since = scenario.world.now();
      PinnedStream receipt = earlier;
      Answer answer =
          course.ask(s -> receipt == null ? s.ask(LiveMode.REQUIRE, until) : s.repeat(receipt));
      int steps = course.steps;
      String what = question + ", " + event + " at step " + step;
      if (before != null) {
        assertThat(digest(answer)).as(what).isEqualTo(before);
      } else {
        assertThat(course.judge.judge(answer, since, until)).as(what).isEmpty();
      }
      assertThat(answer.records().size()).as(what).isGreaterThanOrEqualTo(24);
      assertThat(scenario.findings).as(what).isEmpty();
      if (step % 3 != 0) {
        return steps;
      }
      // Whatever is archived, compacted, split and trimmed later.
      course.at(Integer.MAX_VALUE, Event.COMMIT);
      Event.SPLIT.happen(course);
      scenario.runFor(A_WHILE);
      course.compact();
      course.trim();
      scenario.put(5);
      assertThat(digest(course.ask(s -> s.repeat(answer.pinned()))))
          .as("the receipt of " + what)
          .isEqualTo(digest(answer));
      assertThat(scenario.findings).as(what).isEmpty();
      return steps;
    }
  }

  private static RecordDigest digest(Answer answer) {
    return answer.records().stream()
        .map(RecordDigest::of)
        .reduce(RecordDigest.ZERO, RecordDigest::plus);
  }

  private interface Statement {
    Answer ask(StatementSide side);
  }

  /** One scenario with a person who asks. */
  private static final class Course {
    final Scenario scenario;
    final StatementJudge judge;
    private final Path scratch;
    private final SimulatedProcess process;
    private final ArchiveTable quiet;
    private final StatementSide statements;
    private int at = Integer.MAX_VALUE;
    private Event event = Event.COMMIT;
    int steps;

    Course(Scenario scenario, Path scratch) {
      this.scenario = scenario;
      this.scratch = scratch;
      this.process = new SimulatedProcess(scenario.world, "asker", Duration.ZERO);
      this.judge = new StatementJudge(scenario.kinesis, () -> Optional.of(Instant.EPOCH));
      SimulatedStore store = scenario.fleet.store(process);
      store.onRequest(
          (moment, request, key) -> {
            if (moment == Moment.BEFORE && begins()) {
              process.pause(A_WHILE);
            }
          });
      SimulatedStore reliable = new SimulatedStore(scenario.bucket, process, new Random(0), true);
      this.quiet = scenario.fleet.table(reliable, process);
      this.statements =
          new StatementSide(
              process,
              store,
              scenario.fleet.table(store, process),
              () ->
                  new SteppedSource(new SimulatedSource(scenario.kinesis, process, new Random(1))),
              new ArchivedRows(scenario.bucket),
              new Random(2));
    }

    /** Next time, this event comes before this step. */
    void at(int step, Event next) {
      at = step;
      event = next;
      steps = 0;
    }

    /** Counts a step; whether time must pass before it. */
    private boolean begins() {
      boolean now = steps++ == at;
      if (now) {
        event.happen(this);
      }
      return now;
    }

    Answer ask(Statement statement) {
      AtomicReference<Answer> answer = new AtomicReference<>();
      process.blocking().execute(() -> answer.set(statement.ask(statements)));
      for (int minutes = 0; answer.get() == null && minutes < 10; minutes++) {
        scenario.runFor(Duration.ofSeconds(20));
      }
      assertThat(answer.get()).as("the statement ends").isNotNull();
      return answer.get();
    }

    void trimAfterCommit() {
      scenario.world.later(Duration.ofSeconds(22), this::trim);
    }

    /** The stream keeps nothing that the archive has. */
    void trim() {
      TableState state = quiet.load();
      scenario
          .kinesis
          .newest()
          .trimEarly(
              Duration.ofSeconds(12),
              shard ->
                  Optional.ofNullable(state.checkpoints().get(shard))
                      .flatMap(checkpoint -> checkpoint.after().lastPosition())
                      .isPresent());
      scenario.kinesis.expireIterators();
    }

    /** All files of a day become one. */
    void compact() {
      TableState state = quiet.load();
      Map<LocalDate, List<DataFileInfo>> days = new TreeMap<>();
      for (DataFileInfo file : quiet.files(state)) {
        days.computeIfAbsent(file.day(), day -> new ArrayList<>()).add(file);
      }
      days.forEach((day, files) -> compact(day, files));
    }

    private void compact(LocalDate day, List<DataFileInfo> files) {
      List<StreamRecord> rows = new ArrayList<>();
      ArchivedRows archived = new ArchivedRows(scenario.bucket);
      files.forEach(file -> rows.addAll(archived.of(file.key()).orElseThrow()));
      rows.sort(Comparator.comparing(StreamRecord::shard).thenComparing(StreamRecord::position));
      List<FileSums> sums = files.stream().map(quiet::sums).toList();
      TableState state = quiet.load();
      Path file = scratch.resolve("compacted.parquet");
      try {
        new LeanParquet().encode(day, rows, state.schema(), RewriteRules.merge(sums), file);
        NewDataFile made = new NewDataFile(file, day, rows.size());
        quiet.rewrite(state, new FileRewrite(files, List.of(made)));
        Files.delete(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Each request is a step. */
    private final class SteppedSource implements StreamSource {
      private final StreamSource source;

      SteppedSource(StreamSource source) {
        this.source = source;
      }

      private <T> CompletableFuture<T> step(Supplier<CompletableFuture<T>> request) {
        if (!begins()) {
          return request.get();
        }
        CompletableFuture<T> later = new CompletableFuture<>();
        process.schedule(
            A_WHILE,
            () -> {
              var unused =
                  request
                      .get()
                      .whenComplete(
                          (value, error) -> {
                            if (error == null) {
                              later.complete(value);
                            } else {
                              later.completeExceptionally(error);
                            }
                          });
            });
        return later;
      }

      @Override
      public CompletableFuture<StreamDescription> describe() {
        return step(source::describe);
      }

      @Override
      public CompletableFuture<List<Shard>> listShards() {
        return step(source::listShards);
      }

      @Override
      public CompletableFuture<String> iterator(String shardId, StartingPoint point) {
        return step(() -> source.iterator(shardId, point));
      }

      @Override
      public CompletableFuture<ReadBatch> read(String shardId, String iterator, int maxRecords) {
        return step(() -> source.read(shardId, iterator, maxRecords));
      }

      @Override
      public void close() {}
    }
  }
}
