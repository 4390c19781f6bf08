package io.watershed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.SqlSettings;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.StreamSources;
import io.watershed.query.Water.Answer;
import io.watershed.reservoir.Reservoir;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditions on position limit what is read of the stream, and never what is answered. */
class LiveNeedTest {
  private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
  private static final int BATCH = 5;

  @TempDir Path folder;
  private final MemoryStream stream = new MemoryStream("orders", 3, BATCH);
  private Reservoir reservoir;
  private TestArchiver archiver;
  private QueryEngine engine;

  @BeforeEach
  void open() throws Exception {
    reservoir = Reservoir.open(folder.resolve("reservoir").toString(), AwsAccess.DEFAULT);
    archiver = new TestArchiver(reservoir, folder.resolve("encoded"));
    engine =
        QueryEngine.open(
            reservoir,
            StreamSources.of(Map.of("orders", stream)),
            SqlSettings.DEFAULTS,
            Water.LIVE,
            folder.resolve("cache"));
    put(0, 30);
    archiver.archiveAll("orders", stream);
    put(30, 120);
  }

  @AfterEach
  void close() {
    engine.close();
    reservoir.close();
  }

  private void put(int from, int to) {
    for (int id = from; id < to; id++) {
      stream.put(id % 3, DAY.plusSeconds(id), "{\"id\":" + id + "}");
    }
  }

  private Answer ask(SqlRequest request) {
    stream.readsOf.clear();
    Answer answer = new Answer();
    answer.outcome = engine.execute(request, answer);
    return answer;
  }

  private Object count(String where) {
    return ask(SqlRequest.of("SELECT count(*) FROM orders WHERE " + where)).single();
  }

  private String id(int shard) {
    return stream.key(shard).shardId();
  }

  private String shard(int shard) {
    return "_shard_id = '" + id(shard) + "'";
  }

  @Test
  void onlyShardsThatEveryReferenceNeedsAreRead() {
    assertThat(count(shard(1))).isEqualTo(40L);
    assertThat(stream.readsOf.keySet()).containsExactly(id(1));
    assertThat(count("_shard_id IN ('" + id(1) + "', '" + id(2) + "') AND id > 0")).isEqualTo(80L);
    assertThat(stream.readsOf.keySet()).containsExactly(id(1), id(2));

    String both = "SELECT count(*) FROM orders WHERE " + shard(0) + " UNION ALL SELECT count(*)";
    assertThat(ask(SqlRequest.of(both + " FROM orders WHERE " + shard(2))).rows)
        .containsExactly(List.of(40L), List.of(40L));
    assertThat(stream.readsOf.keySet()).containsExactly(id(0), id(2));
    assertThat(ask(SqlRequest.of(both + " FROM orders")).rows)
        .containsExactlyInAnyOrder(List.of(40L), List.of(120L));
    assertThat(stream.readsOf).hasSize(3);

    for (String where : List.of(shard(1) + " OR id = 0", "NOT " + shard(1), "id >= 0")) {
      count(where);
      assertThat(stream.readsOf).as(where).hasSize(3);
    }
  }

  @Test
  void aChildNeedsItsParentsToTheirEnds() {
    stream.split(1);
    stream.put(3, DAY.plusSeconds(200), "{\"id\":200}");
    stream.put(4, DAY.plusSeconds(201), "{\"id\":201}");
    assertThat(count(shard(3))).isEqualTo(1L);
    assertThat(stream.readsOf.keySet()).containsExactly(id(1), id(3));
    // The parent alone does not need its children.
    assertThat(count(shard(1))).isEqualTo(40L);
    assertThat(stream.readsOf.keySet()).containsExactly(id(1));
  }

  @Test
  void anUpperBoundOnPositionsEndsAShardsReadAndATimeDoesNot() {
    StreamRecord tenth = stream.records(stream.key(1)).get(15);
    String upTo = " AND _sequence_number <= '" + tenth.position().sequenceNumber().padded() + "'";
    assertThat(count(shard(1))).isEqualTo(40L);
    int whole = stream.readsOf.get(id(1));
    assertThat(count(shard(1) + upTo)).isEqualTo(16L);
    assertThat(stream.readsOf.get(id(1))).isLessThan(whole);
    // What is archived needs no read at all.
    StreamRecord third = stream.records(stream.key(1)).get(2);
    assertThat(count(shard(1) + " AND _sequence_number = '" + padded(third) + "'")).isEqualTo(1L);
    assertThat(stream.readsOf).isEmpty();
    assertThat(count(shard(1) + " AND _arrival_time <= '" + tenth.arrivalTime() + "'"))
        .isEqualTo(16L);
    assertThat(stream.readsOf.get(id(1))).isEqualTo(whole);
    // Text of another width is no number.
    assertThat(count(shard(1) + " AND _sequence_number <= '9'")).isEqualTo(40L);
    assertThat(stream.readsOf.get(id(1))).isEqualTo(whole);
  }

  private static String padded(StreamRecord record) {
    return record.position().sequenceNumber().padded();
  }

  @Test
  void boundsOfAllKindsAndReferencesLimitOnlyWhatNobodyNeeds() {
    List<StreamRecord> records = stream.records(stream.key(1));
    String low = padded(records.get(12));
    String high = padded(records.get(38));
    String seq = " AND _sequence_number ";
    assertThat(count(shard(1) + seq + "BETWEEN '" + low + "' AND '" + high + "'")).isEqualTo(27L);
    assertThat(count(shard(1) + seq + "> '" + low + "'")).isEqualTo(27L);
    assertThat(count(shard(1) + seq + ">= '" + low + "'")).isEqualTo(28L);
    assertThat(count(shard(1) + seq + "IN ('" + low + "', '" + high + "')")).isEqualTo(2L);
    assertThat(count(shard(1) + " OR _shard_id < '" + id(1) + "'")).isEqualTo(80L);
    assertThat(count("_shard_id < '" + id(1) + "'")).isEqualTo(40L);
    // Of two conditions in one place both hold: the narrower one counts.
    assertThat(count("_shard_id IN ('" + id(1) + "', '" + id(2) + "') AND " + shard(1)))
        .isEqualTo(40L);
    assertThat(stream.readsOf.keySet()).containsExactly(id(1));
    int whole = stream.readsOf.get(id(1));
    assertThat(count(shard(1) + seq + "<= '" + high + "'" + seq + "<= '" + low + "'"))
        .isEqualTo(13L);
    assertThat(stream.readsOf.get(id(1))).isLessThan(whole);
    // The last archived record needs no read.
    assertThat(count(shard(1) + seq + "<= '" + padded(records.get(9)) + "'")).isEqualTo(10L);
    assertThat(stream.readsOf).isEmpty();
    // Of two places the wider one counts.
    String first = "SELECT count(*) FROM orders WHERE " + shard(1) + seq + "<= '" + low + "'";
    for (String second : List.of(seq + "<= '" + high + "'", "")) {
      assertThat(
              ask(SqlRequest.of(
                      first + " UNION ALL SELECT count(*) FROM orders WHERE " + shard(1) + second))
                  .rows)
          .containsExactlyInAnyOrder(List.of(13L), List.of(second.isEmpty() ? 40L : 39L));
    }
  }

  @Test
  void aParentIsReadToItsEndForItsChildWhateverBoundItHasItself() throws Exception {
    stream.split(1);
    stream.put(3, DAY.plusSeconds(200), "{\"id\":200}");
    String low = padded(stream.records(stream.key(1)).get(12));
    String bounded = shard(1) + " AND _sequence_number <= '" + low + "'";
    String both =
        "SELECT count(*) FROM orders WHERE %s UNION ALL SELECT count(*) FROM orders WHERE %s"
            .formatted(bounded, shard(3));
    assertThat(ask(SqlRequest.of(both)).rows).containsExactlyInAnyOrder(List.of(13L), List.of(1L));

    // The bound lies in the answer that also ends the shard: it was not read to its end.
    String near = padded(stream.records(stream.key(1)).get(38));
    Answer part =
        ask(
            SqlRequest.of(
                "SELECT id FROM orders WHERE "
                    + shard(1)
                    + " AND _sequence_number <= '"
                    + near
                    + "'"));
    assertThat(part.rows).hasSize(39);
    refused("SELECT id FROM orders WHERE " + shard(1), part);

    // A parent that is archived whole is whole in any receipt.
    archiver.archiveAll("orders", stream);
    Answer child = ask(SqlRequest.of("SELECT id FROM orders WHERE " + shard(3)));
    assertThat(
            ask(SqlRequest.of("SELECT id FROM orders WHERE " + shard(1)).at(child.receipt())).rows)
        .hasSize(40);
  }

  @Test
  void whatATimeEndsNeedsNoMoreThanTheTime() {
    List<StreamRecord> records = stream.records(stream.key(1));
    Instant time = records.get(17).arrivalTime();
    Answer part =
        ask(
            SqlRequest.of(
                    "SELECT id FROM orders WHERE "
                        + shard(1)
                        + " AND _sequence_number <= '"
                        + padded(records.get(18))
                        + "'")
                .at(AsOf.time(time)));
    assertThat(part.rows).hasSize(18);
    assertThat(
            ask(SqlRequest.of("SELECT id FROM orders WHERE " + shard(1)).at(part.receipt())).rows)
        .hasSize(18);
  }

  @Test
  void aShardThatIsNotNeededIsNoGapUnlessTheStatementAsksForGaps() {
    stream.unlisted.add(id(2));
    assertThat(ask(SqlRequest.of("SELECT count(*) FROM orders")).outcome.notices())
        .anyMatch(notice -> notice.contains("1 gap"));
    Answer other = ask(SqlRequest.of("SELECT count(*) FROM orders WHERE " + shard(0)));
    assertThat(other.outcome.notices()).isEmpty();
    String gaps = "SELECT (SELECT count(*) FROM watershed.gaps), count(*) FROM orders WHERE ";
    assertThat(ask(SqlRequest.of(gaps + shard(0))).rows).containsExactly(List.of(1L, 40L));
  }

  @Test
  void aReceiptAnswersWhatItsStatementReadAndRefusesTheRest() throws Exception {
    String upTo = padded(stream.records(stream.key(1)).get(15));
    String first = "SELECT id FROM orders WHERE " + shard(1) + " ORDER BY id";
    String bounded =
        "SELECT id FROM orders WHERE %s AND _sequence_number <= '%s' ORDER BY id"
            .formatted(shard(1), upTo);
    Answer whole = ask(SqlRequest.of(first));
    Answer part = ask(SqlRequest.of(bounded));
    assertThat(part.rows).hasSize(16);
    assertThat(whole.outcome.receipt().body()).contains("\"read_to\":\"");
    for (int round = 0; round < 2; round++) {
      assertThat(ask(SqlRequest.of(first).at(whole.receipt())).rows).isEqualTo(whole.rows);
      assertThat(ask(SqlRequest.of(bounded).at(part.receipt())).rows).isEqualTo(part.rows);
      assertThat(ask(SqlRequest.of(bounded).at(whole.receipt())).rows).isEqualTo(part.rows);
      for (String other : List.of("id >= 0", shard(0), shard(0) + " OR " + shard(1))) {
        refused("SELECT count(*) FROM orders WHERE " + other, whole);
      }
      refused(first, part);
      assertThatThrownBy(() -> engine.scan(ScanRequest.of("orders").at(whole.receipt())))
          .hasMessageContaining("did not read");
      put(120, 150);
      archiver.archiveAll("orders", stream);
    }
    // Without a filter, any statement may follow.
    Answer all = ask(SqlRequest.of("SELECT count(*) FROM orders"));
    assertThat(all.outcome.receipt().body()).doesNotContain("read_to");
    assertThat(ask(SqlRequest.of(first).at(all.receipt())).rows).hasSize(60);
  }

  private void refused(String sql, Answer receipt) {
    assertThatThrownBy(() -> ask(SqlRequest.of(sql).at(receipt.receipt())))
        .as(sql)
        .isInstanceOfSatisfying(
            WatershedException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
              assertThat(e.getMessage()).contains("did not read");
            });
  }
}
