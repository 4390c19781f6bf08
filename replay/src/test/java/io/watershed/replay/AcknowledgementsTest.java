package io.watershed.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.StreamRecord;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
  private final List<StreamRecord> records = Fixtures.records(10, 3, 1);
  private final Acknowledgements acks =
      new Acknowledgements(Optional.empty(), Acknowledgements.Totals.NONE, new OrderCheck(10));

  @Test
  void thePointMovesOnlyOverAnUnbrokenRow() {
    Acknowledgements.Sent first = send(0);
    Acknowledgements.Sent second = send(1);
    Acknowledgements.Sent third = send(2);

    acks.acknowledged(third, at(1));
    assertThat(acks.snapshot().through()).isEmpty();
    assertThat(acks.snapshot().totals()).isEqualTo(Acknowledgements.Totals.NONE);

    acks.acknowledged(first, at(2));
    assertThat(acks.snapshot().through()).contains(Fixtures.place(records.get(0)));

    acks.acknowledged(second, at(3));
    assertThat(acks.snapshot().through()).contains(Fixtures.place(records.get(2)));
    assertThat(acks.snapshot().totals().acknowledged()).isEqualTo(3);
  }

  @Test
  void aSkippedRecordLetsThePointPass() {
    Acknowledgements.Sent first = send(0);
    acks.skipped(Fixtures.place(records.get(1)), "k");
    acks.acknowledged(first, at(1));

    assertThat(acks.snapshot().through()).contains(Fixtures.place(records.get(1)));
    assertThat(acks.snapshot().totals()).isEqualTo(new Acknowledgements.Totals(1, 1));
  }

  private Acknowledgements.Sent send(int index) {
    return acks.sent(Fixtures.place(records.get(index)), records.get(index).partitionKey());
  }

  private static OrderCheck.Place at(long sequence) {
    return new OrderCheck.Place("s", SequenceNumber.parse(String.valueOf(sequence)));
  }
}
