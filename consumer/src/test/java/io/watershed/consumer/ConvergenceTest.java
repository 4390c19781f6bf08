package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * PROTOCOL 7.5 over interleavings. A log of puts and deletions is written live; a consumer gets
 * what is live in order, merged in every way with replays of parts of the log (each in order of
 * first appearances, with duplicates) and with repetitions after its own restarts.
 */
class ConvergenceTest {
  private static final String STREAM = "orders@1";

  /** One record of the log: a key and the value that it sets; null deletes. */
  private record Put(String key, String value) {}

  /** What a consumer receives: where it reads it, and its bytes. */
  private record Delivery(Position position, byte[] bytes) {}

  private static final List<Put> LOG =
      List.of(
          new Put("k", "1"),
          new Put("k", "2"),
          new Put("j", "1"),
          new Put("k", null),
          new Put("j", "2"));

  @Test
  void everyInterleavingOfLiveAndReplayedRecordsEndsInTheSameState() {
    List<Delivery> live = live(LOG, 0, 5);
    List<Delivery> replay = replay(LOG, new int[] {0, 1, 0, 2, 3, 1, 4}, Optional.empty());
    Map<String, String> expected = stateInOrder(LOG);
    AtomicInteger interleavings = new AtomicInteger();

    merges(
        live,
        replay,
        merged -> {
          interleavings.incrementAndGet();
          assertThat(consume(merged, true)).isEqualTo(expected);
        });

    assertThat(interleavings).hasValue(792); // 12 over 5
  }

  @Test
  void aConsumerThatStartedLateGetsTheRestFromTheReplay() {
    List<Delivery> live = live(LOG, 3, 5);
    List<Delivery> replay = replay(LOG, new int[] {0, 1, 2, 3}, Optional.empty());

    merges(live, replay, m -> assertThat(consume(m, true)).isEqualTo(stateInOrder(LOG)));
  }

  @Test
  void aRestartRepeatsWhatWasReadAndChangesNothing() {
    List<Delivery> live = new ArrayList<>(live(LOG, 0, 4));
    live.addAll(live(LOG, 1, 5));
    List<Delivery> replay = replay(LOG, new int[] {0, 1, 2, 3}, Optional.empty());

    merges(live, replay, m -> assertThat(consume(m, true)).isEqualTo(stateInOrder(LOG)));
  }

  @Test
  void withoutTheRuleSomeInterleavingsEndInAnotherState() {
    List<Delivery> live = live(LOG, 0, 5);
    List<Delivery> replay = replay(LOG, new int[] {0, 1, 2, 3}, Optional.empty());
    AtomicInteger diverged = new AtomicInteger();

    merges(
        live,
        replay,
        merged -> {
          if (!consume(merged, false).equals(stateInOrder(LOG))) {
            diverged.incrementAndGet();
          }
        });

    assertThat(diverged.get()).isPositive();
  }

  @Test
  void anOverwriteWinsOverWhatWasBeforeItsFenceAndLosesToWhatCameAfter() {
    int fence = 3; // after the first three records of the log
    List<Put> corrected = new ArrayList<>(LOG);
    corrected.set(0, new Put("k", "fixed"));
    corrected.set(2, new Put("j", "fixed"));
    List<Delivery> overwrite =
        replay(corrected, new int[] {0, 2, 0, 2}, Optional.of(position(fence - 1)));
    List<Put> inOrder = new ArrayList<>(LOG.subList(0, fence));
    inOrder.add(corrected.get(0));
    inOrder.add(corrected.get(2));
    inOrder.addAll(LOG.subList(fence, LOG.size()));

    merges(
        live(LOG, 0, 5),
        overwrite,
        m -> assertThat(consume(m, true)).isEqualTo(stateInOrder(inOrder)));

    List<Put> noMoreLive = inOrder.subList(0, fence + 2);
    merges(
        live(LOG, 0, fence),
        overwrite,
        m -> assertThat(consume(m, true)).isEqualTo(stateInOrder(noMoreLive)));
  }

  @Test
  void manyRandomInterleavingsOfSeveralReplaysEndInTheSameState() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<Put> log = randomLog(random, 60);
      List<List<Delivery>> sides = new ArrayList<>(List.of(live(log, 0, log.size())));
      for (int i = random.nextInt(3); i >= 0; i--) {
        sides.add(replay(log, randomReplay(random, log.size()), Optional.empty()));
      }
      assertThat(consume(randomMerge(random, sides), true)).isEqualTo(stateInOrder(log));
    }
  }

  private static Map<String, String> consume(List<Delivery> deliveries, boolean byTheRule) {
    Map<String, String> state = new TreeMap<>();
    LastWriterWins<String> rule = new LastWriterWins<>(AppliedVersions.inMemory());
    for (Delivery delivery : deliveries) {
      ReceivedRecord record = ReceivedRecord.of(delivery.position(), delivery.bytes());
      String[] parts = new String(record.payload(), UTF_8).split("=", -1);
      Runnable apply = () -> apply(state, new Put(parts[0], parts[1].isEmpty() ? null : parts[1]));
      if (byTheRule) {
        rule.offer(parts[0], record.version(), apply);
      } else {
        apply.run();
      }
    }
    return state;
  }

  private static void apply(Map<String, String> state, Put put) {
    if (put.value() == null) {
      state.remove(put.key());
    } else {
      state.put(put.key(), put.value());
    }
  }

  private static Map<String, String> stateInOrder(List<Put> log) {
    Map<String, String> state = new TreeMap<>();
    log.forEach(put -> apply(state, put));
    return state;
  }

  private static List<Delivery> live(List<Put> log, int from, int to) {
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      deliveries.add(new Delivery(position(i), bytes(log.get(i))));
    }
    return deliveries;
  }

  /** Copies of these records of the log, in envelopes, read far behind the live ones. */
  private static List<Delivery> replay(List<Put> log, int[] indexes, Optional<Position> fence) {
    List<Delivery> deliveries = new ArrayList<>();
    for (int i : indexes) {
      EnvelopeHeader header =
          new EnvelopeHeader("r", position(i), Instant.EPOCH, 1, fence, Map.of());
      deliveries.add(new Delivery(position(1000 + i), Envelope.wrap(header, bytes(log.get(i)))));
    }
    return deliveries;
  }

  private static Position position(int index) {
    return new Position(STREAM, "s" + index % 2, String.valueOf(95 + index), 0);
  }

  private static byte[] bytes(Put put) {
    return (put.key() + "=" + (put.value() == null ? "" : put.value())).getBytes(UTF_8);
  }

  private static void merges(List<Delivery> a, List<Delivery> b, Consumer<List<Delivery>> each) {
    merge(a, b, new ArrayList<>(), each);
  }

  private static void merge(
      List<Delivery> a, List<Delivery> b, List<Delivery> head, Consumer<List<Delivery>> each) {
    if (a.isEmpty() && b.isEmpty()) {
      each.accept(head);
      return;
    }
    for (boolean left : new boolean[] {true, false}) {
      List<Delivery> from = left ? a : b;
      if (!from.isEmpty()) {
        head.add(from.get(0));
        List<Delivery> rest = from.subList(1, from.size());
        merge(left ? rest : a, left ? b : rest, head, each);
        head.remove(head.size() - 1);
      }
    }
  }

  private static List<Put> randomLog(Random random, int size) {
    List<Put> log = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      log.add(new Put("k" + random.nextInt(5), random.nextInt(4) == 0 ? null : "v" + i));
    }
    return log;
  }

  /** A filtered range in order, with steps back as a resumed run makes them. */
  private static int[] randomReplay(Random random, int size) {
    List<Integer> indexes = new ArrayList<>();
    int from = random.nextInt(size);
    int to = from + random.nextInt(size - from);
    for (int i = from; i < to; i++) {
      if (random.nextInt(3) > 0) {
        indexes.add(i);
      }
      if (random.nextInt(10) == 0) {
        i = Math.max(from, i - random.nextInt(5)) - 1;
        if (indexes.size() > 500) {
          break;
        }
      }
    }
    return indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Delivery> randomMerge(Random random, List<List<Delivery>> sides) {
    List<List<Delivery>> open = new ArrayList<>(sides);
    List<Delivery> merged = new ArrayList<>();
    while (!open.isEmpty()) {
      int side = random.nextInt(open.size());
      List<Delivery> next = open.get(side);
      if (next.isEmpty()) {
        open.remove(side);
      } else {
        merged.add(next.get(0));
        open.set(side, next.subList(1, next.size()));
      }
    }
    return merged;
  }
}
