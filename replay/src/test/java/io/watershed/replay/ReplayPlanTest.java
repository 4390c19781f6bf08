package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.query.LastPerKey;
import io.watershed.query.RecordScan.Compaction;
import io.watershed.query.RecordSelection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayPlanTest {
  private final ReplayPlan plan = Fixtures.plan(Fixtures.records(10, 3, 1));

  @Test
  void theJsonIsTheWholePlan() {
    assertThat(ReplayPlan.parse(plan.json())).isEqualTo(plan);
    assertThat(ReplayPlan.parse(plan.json()).hash()).isEqualTo(plan.hash());
    assertThat(plan.json())
        .startsWith("{\"version\":1,\"stream\":\"orders\",\"receipt\":\"0123456789ab\",\"from\":");
    assertThat(plan.id()).hasSize(ReplayPlan.ID_CHARS);
  }

  @Test
  void everyPartOfAnIntentIsKept() {
    RecordSelection selection =
        RecordSelection.ALL
            .ofShards(Set.of("shardId-000000000001", "shardId-000000000002"))
            .startingAt(Map.of("shardId-000000000001", Fixtures.position(77)))
            .lastPer(
                new LastPerKey(
                    "customer.id", Optional.of("version"), Optional.of("deleted"), true));
    Delivery delivery =
        Delivery.DEFAULT
            .annotated(new Annotations(Map.of("why", "\"fix\" 7"), Map.of("city", "lower(city)")))
            .overwriting(true)
            .keyedBy(Optional.of("customer.id"))
            .packed(true)
            .skippingOversize(true);
    ReplayPlan full =
        new ReplayPlan(
            plan.stream(),
            plan.receipt(),
            selection,
            plan.to(),
            delivery,
            new ReplayPlan.Counts(
                7,
                70,
                1,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Compaction(30, 8, 2, 3, 3))));

    assertThat(ReplayPlan.parse(full.json())).isEqualTo(full);
    assertThat(full.hash()).isNotEqualTo(plan.hash());
    assertThat(full.notes())
        .anyMatch(note -> note.contains("Last is by version, of equal values by scan order"))
        .anyMatch(note -> note.startsWith("20 of 30 selected records are superseded"))
        .anyMatch(note -> note.startsWith("2 records have no key"))
        .anyMatch(note -> note.startsWith("3 keys end with a tombstone, which is left out"));
    assertThatThrownBy(() -> delivery.enveloped(EnvelopeMode.NONE))
        .isInstanceOf(WatershedException.class);
    for (Map<String, String> bad :
        List.of(Map.of("", "x"), Map.of("a b", "x"), Map.of("a", "x".repeat(1_025)))) {
      assertThatThrownBy(() -> new Annotations(bad, Map.of()))
          .isInstanceOf(WatershedException.class);
    }
    assertThatThrownBy(() -> new Annotations(Map.of("a", "x"), Map.of("a", "y")))
        .isInstanceOf(WatershedException.class);
  }

  @Test
  void whatIsSupersededIsSkippedOnlyWherePositionsOfPartitionKeysSayWhatIsNewer() {
    Delivery skipping = Delivery.DEFAULT.skippingSuperseded(true);
    ReplayPlan skips = with(RecordSelection.ALL, skipping).withSuperseded(3);
    assertThat(ReplayPlan.parse(skips.json())).isEqualTo(skips);
    assertThat(plan.json()).doesNotContain("uperseded");
    assertThat(skips.notes())
        .anyMatch(note -> note.startsWith("3 records are superseded now"))
        .anyMatch(note -> note.contains("copies of later records that other replays put"));
    RecordSelection last = RecordSelection.ALL.lastPer(LastPerKey.partitionKey());
    assertThat(with(last, skipping).delivery()).isEqualTo(skipping);

    for (LastPerKey other :
        List.of(
            new LastPerKey("city", Optional.empty(), Optional.empty(), false),
            new LastPerKey("_partition_key", Optional.of("n"), Optional.empty(), false))) {
      assertThatThrownBy(() -> with(RecordSelection.ALL.lastPer(other), skipping))
          .isInstanceOf(WatershedException.class);
    }
    assertThatThrownBy(() -> skipping.overwriting(true)).isInstanceOf(WatershedException.class);
    assertThatThrownBy(() -> skipping.enveloped(EnvelopeMode.NONE))
        .isInstanceOf(WatershedException.class);
    assertThatThrownBy(() -> skipping.keyedBy(Optional.of("city")))
        .isInstanceOf(WatershedException.class);
  }

  private ReplayPlan with(RecordSelection selection, Delivery delivery) {
    return new ReplayPlan(
        plan.stream(), plan.receipt(), selection, plan.to(), delivery, plan.counts());
  }

  @Test
  void whatLastMeansIsInTheNotesAndWithoutCompactionNothingIs() {
    assertThat(plan.json()).doesNotContain("compacted", "lastPer");
    assertThat(plan.notes()).noneMatch(note -> note.contains("Last is"));
    ReplayPlan compacted =
        new ReplayPlan(
            plan.stream(),
            plan.receipt(),
            RecordSelection.ALL.lastPer(LastPerKey.partitionKey()),
            plan.to(),
            plan.delivery(),
            plan.counts());
    assertThat(compacted.notes()).anyMatch(note -> note.contains("Last is by position"));
  }

  @Test
  void anotherIntentHasAnotherIdentity() {
    String changed = plan.json().replace("failed", "paid");
    assertThat(ReplayPlan.parse(changed).hash()).isNotEqualTo(plan.hash());
  }

  @Test
  void theEnvelopeIsOneOfThreeWords() {
    for (EnvelopeMode mode : EnvelopeMode.values()) {
      String changed = plan.json().replace("\"member\"", "\"" + mode.text() + "\"");
      assertThat(ReplayPlan.parse(changed).envelope()).isEqualTo(mode);
    }
    assertThatThrownBy(() -> ReplayPlan.parse(plan.json().replace("\"member\"", "\"on\"")))
        .isInstanceOf(WatershedException.class);
  }

  @Test
  void membersThatThisVersionDoesNotKnowAreRefused() {
    String later = plan.json().replace("{\"version\":1,", "{\"version\":1,\"compact\":true,");
    for (String bad :
        new String[] {later, plan.json().replace(":1,\"s", ":2,\"s"), "{}", "x", ""}) {
      assertThatThrownBy(() -> ReplayPlan.parse(bad))
          .isInstanceOfSatisfying(
              WatershedException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT));
    }
  }

  @Test
  void aPaceIsAShareOfTheQuota() {
    for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> new ReplayPace(share, OptionalDouble.empty()))
          .isInstanceOf(WatershedException.class);
    }
    assertThatThrownBy(() -> new ReplayPace(1, OptionalDouble.of(0)))
        .isInstanceOf(WatershedException.class);
  }
}
