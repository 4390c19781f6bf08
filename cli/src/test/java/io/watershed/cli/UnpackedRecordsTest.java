package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.aggregate.AggregateWriter;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregated records, gzip and several documents, from the producer to SQL and verify. */
class UnpackedRecordsTest {
  private static final String SUMS =
      "SELECT count(*) AS records, count(n) AS numbers, sum(n) AS total,"
          + " count(DISTINCT _sequence_number) AS outer_records,"
          + " count(DISTINCT _sequence_number || '.' || _sub_sequence_number) AS positions,"
          + " count(_decode_error) AS bad FROM orders";

  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() throws IOException {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 2);
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + kinesis.endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "streams: {orders: {documents: many}}\n");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void everyRecordIsThereOnceWhetherItIsLiveOrArchived() throws IOException {
    putAggregated(0, 300);
    kinesis.put("orders", "gzip", gzip("{\"n\":1000}"));
    kinesis.put("orders", "many", bytes("{\"n\":2000}\n{\"n\":3000} {\"n\":4000}\n"));
    AggregateWriter both = new AggregateWriter();
    both.add("gzip", gzip("{\"n\":5000}"));
    both.add("many", bytes("{\"n\":6000}{\"n\":7000}"));
    kinesis.put("orders", "both", both.toBytes());
    byte[] broken = both.toBytes();
    broken[9] ^= 1;
    kinesis.put("orders", "broken", broken);

    int total = 300 * 299 / 2 + 28_000;
    String live = sql(SUMS + "_live");
    assertThat(live)
        .contains("\"records\":308,\"numbers\":307,\"total\":" + total + ",")
        .contains("\"positions\":308,\"bad\":1");
    String receipt = sql("SELECT sum(n) FROM orders", "-o", "json");

    assertThat(run("archive", "--once").status()).isZero();
    assertThat(sql(SUMS + "_archive")).isEqualTo(live);
    assertThat(sql(SUMS)).isEqualTo(live);
    assertThat(sql("SELECT _decode_error AS e FROM orders WHERE _decode_error IS NOT NULL"))
        .contains("aggregated record: wrong checksum");
    CommandRun verify = run("verify", "orders");
    assertThat(verify.status()).as(verify.out() + verify.err()).isZero();

    // The archive grows on, and what was asked before has the same answer.
    putAggregated(300, 400);
    String more = sql(SUMS);
    assertThat(more).contains("\"records\":408,\"numbers\":407");
    String id = receipt.replaceAll("(?s).*\"id\" ?: ?\"([0-9a-f]{12})\".*", "$1");
    assertThat(sql(SUMS, "--as-of", id)).isEqualTo(live);
    assertThat(run("archive", "--once").status()).isZero();
    assertThat(sql(SUMS)).isEqualTo(more);
    assertThat(sql(SUMS, "--as-of", id)).isEqualTo(live);
    CommandRun deep = run("verify", "orders", "--deep", "--against-stream");
    assertThat(deep.status()).as(deep.out() + deep.err()).isZero();
  }

  private void putAggregated(int from, int to) throws IOException {
    String lines =
        IntStream.range(from, to)
            .mapToObj(n -> "{\"id\":\"k" + n % 7 + "\",\"n\":" + n + "}")
            .collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve("orders.ndjson"), lines);
    CommandRun put =
        run("dev", "put", "orders", "orders.ndjson", "--key", "id", "--aggregate", "9");
    assertThat(put.status()).as(put.err()).isZero();
    assertThat(put.out()).contains(to - from + " records put");
  }

  private String sql(String statement, String... more) {
    String[] args = new String[more.length + 4];
    args[0] = "sql";
    args[1] = statement;
    args[2] = "-o";
    args[3] = "ndjson";
    System.arraycopy(more, 0, args, 4, more.length);
    if (more.length > 0 && more[0].equals("-o")) {
      args = new String[] {"sql", statement, "-o", more[1]};
    }
    CommandRun run = run(args);
    assertThat(run.status()).as(run.err()).isZero();
    return run.out();
  }

  private CommandRun run(String... args) {
    return new CommandRun(folder).run(args);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes(text));
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
