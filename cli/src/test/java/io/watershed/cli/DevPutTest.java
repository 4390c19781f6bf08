package io.watershed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import io.watershed.kinesis.KinesisStreams;
import io.watershed.kinesis.ReadBatch;
import io.watershed.kinesis.StartingPoint;
import io.watershed.kinesis.StreamSource;
import io.watershed.localkinesis.LocalKinesis;
import io.watershed.localkinesis.LocalKinesisSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevPutTest {
  @TempDir Path folder;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    kinesis = LocalKinesis.start(LocalKinesisSettings.DEFAULTS.withEnforceLimits(false));
    kinesis.createStream("orders", 1);
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void aFileOfLinesArrivesInOrderWithItsKeys() throws Exception {
    String lines =
        IntStream.range(0, 300)
            .mapToObj(i -> "{\"id\":\"k" + i % 7 + "\",\"n\":" + i + "}")
            .collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve("orders.ndjson"), lines);

    CommandRun run = put("orders", "orders.ndjson", "--key", "id");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(0);
    assertThat(run.out()).contains("300 records put into orders");
    List<StreamRecord> records = records("orders");
    assertThat(records).hasSize(300);
    for (int key = 0; key < 7; key++) {
      String wanted = "k" + key;
      List<String> numbers =
          records.stream()
              .filter(record -> record.partitionKey().equals(wanted))
              .map(DevPutTest::text)
              .toList();
      assertThat(numbers).isEqualTo(lines.lines().filter(l -> l.contains(wanted + "\"")).toList());
    }
    assertThat(folder.resolve("orders.ndjson.orders.progress")).doesNotExist();
  }

  @Test
  void theStreamIsCreatedWhenAsked() throws Exception {
    CommandRun run =
        new CommandRun(folder)
            .input("[{\"a\":1},{\"a\":2}]")
            .run("dev", "put", "new", "-", "--create", "2", "--endpoint-url", endpoint());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(0);
    assertThat(records("new")).hasSize(2);
  }

  @Test
  void aBadRecordStopsWhereItIsAndResumeGoesOnAfterwards() throws Exception {
    Path file = folder.resolve("orders.ndjson");
    Files.writeString(file, "{\"id\":1}\n{\"id\":2}\n{\"no\":3}\n{\"id\":4}\n");

    CommandRun run = put("orders", "orders.ndjson", "--key", "id");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Record 3 has no value in 'id'").contains("--resume");
    assertThat(run.out()).contains("2 records put");
    CommandRun again = put("orders", "orders.ndjson", "--resume");
    assertThat(again.status()).isEqualTo(0);
    assertThat(records("orders"))
        .extracting(DevPutTest::text)
        .containsExactlyInAnyOrder("{\"id\":1}", "{\"id\":2}", "{\"no\":3}", "{\"id\":4}");
  }

  @Test
  void resumeRefusesAFileThatChanged() throws Exception {
    Path file = folder.resolve("orders.ndjson");
    Files.writeString(file, "{\"id\":1}\n{\"no\":2}\n");
    put("orders", "orders.ndjson", "--key", "id");
    Files.writeString(file, "{\"id\":1}\n{\"no\":2}\n{\"id\":3}\n");

    CommandRun run = put("orders", "orders.ndjson", "--resume");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("changed since its put was interrupted");
  }

  @Test
  void aStreamThatIsNotThereIsAnErrorThatNamesTheNearest() throws Exception {
    Files.writeString(folder.resolve("f"), "x\n");

    CommandRun run = put("ordres", "f");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("error[stream-not-found]").contains("orders");
  }

  @Test
  void doctorSaysALineForEach() throws Exception {
    Files.writeString(
        folder.resolve("watershed.yaml"),
        "aws: {endpoint_url: '"
            + endpoint()
            + "', local_credentials: true, region: us-east-1}\n"
            + "streams: {orders: {}, missing: {}}\n");

    CommandRun run = new CommandRun(folder).run("doctor");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("ok    file"))
        .anyMatch(line -> line.startsWith("ok    access"))
        .anyMatch(line -> line.startsWith("ok    stream     orders: ACTIVE, 1 open shards"))
        .anyMatch(line -> line.startsWith("FAIL  stream     missing"))
        .anyMatch(line -> line.startsWith("ok    reservoir"));
  }

  @Test
  void aStopDoesNotWaitForASlowQueueAndResumeDoesTheRest() throws Exception {
    Files.writeString(folder.resolve("slow.ndjson"), "{}\n".repeat(400));
    CommandRun run = new CommandRun(folder);
    // At one record a second the queue would take minutes.
    run.shutdown().request();
    run.run("dev", "put", "orders", "slow.ndjson", "--rate", "1", "--endpoint-url", endpoint());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("--resume");
    assertThat(records("orders").size()).isLessThan(400);

    assertThat(put("orders", "slow.ndjson", "--resume").status()).isZero();
    assertThat(records("orders").size()).isGreaterThanOrEqualTo(400);
  }

  private CommandRun put(String... args) {
    List<String> all = new ArrayList<>(List.of("dev", "put"));
    all.addAll(List.of(args));
    all.addAll(List.of("--endpoint-url", endpoint()));
    return new CommandRun(folder).run(all.toArray(String[]::new));
  }

  private String endpoint() {
    return kinesis.endpoint().toString();
  }

  private static String text(StreamRecord record) {
    return new String(record.payload(), StandardCharsets.UTF_8);
  }

  private List<StreamRecord> records(String stream) {
    List<StreamRecord> records = new ArrayList<>();
    try (KinesisStreams streams = KinesisStreams.open(kinesis.access());
        StreamSource source = streams.source(stream)) {
      for (Shard shard : source.listShards().join()) {
        String id = shard.key().shardId();
        Optional<String> iterator =
            Optional.of(source.iterator(id, new StartingPoint.TrimHorizon()).join());
        while (iterator.isPresent()) {
          ReadBatch batch = source.read(id, iterator.get(), 10_000).join();
          records.addAll(batch.records());
          iterator = batch.millisBehindLatest() == 0 ? Optional.empty() : batch.nextIterator();
        }
      }
    }
    return records;
  }
}
