package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.archive.verify.VerifyListener.Phase;
import io.watershed.archive.verify.VerifyListener.Progress;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What a person reads while a verification runs. */
class VerifyProgressLineTest {
  @Test
  void itSaysHowFarHowFastAndHowLong() {
    VerifyProgressLine line =
        new VerifyProgressLine(
            new Console(
                new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), true),
            InstantSource.system(),
            "orders");
    assertThat(
            line.text(new Progress(Phase.ROWS, 500_000_000, 2_000_000_000), Duration.ofSeconds(50)))
        .isEqualTo("orders: 500 MB of 2.00 GB of files, 10.0 MB/s, 2:30 left");
    assertThat(line.text(new Progress(Phase.FOOTERS, 10, 10), Duration.ofSeconds(1)))
        .isEqualTo("orders: 10 of 10 footers");
    assertThat(line.text(new Progress(Phase.STREAM, 1234, 0), Duration.ofSeconds(1)))
        .isEqualTo("orders: 1,234 records of the stream");
  }
}
