package io.watershed.kinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.watershed.core.aggregate.Aggregate;
import io.watershed.core.aggregate.AggregateProblem;
import io.watershed.core.aggregate.AggregateReader;
import io.watershed.core.aggregate.AggregateWriter;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.kpl.Messages;

/** Our reading of aggregated records beside that of the Kinesis Client Library. */
class AggregatorOracleTest {
  private static final int ROUNDS = 5_000;

  /** Where we keep the record as it came, and the KCL takes it apart in some way of its own. */
  private static final List<AggregateProblem> STRICTER =
      List.of(
          // Groups, tags of more than 32 bits, numbers of more than 64: protobuf shrugs them off.
          AggregateProblem.MALFORMED,
          AggregateProblem.KEY_TOO_LONG,
          // The KCL puts replacement characters.
          AggregateProblem.KEY_NOT_TEXT,
          // The KCL drops the record, or what follows the bad index; it takes 2^32 for 0.
          AggregateProblem.KEY_INDEX,
          AggregateProblem.NO_RECORDS);

  @Test
  void whatTheClientLibraryWritesIsReadAsItReadsIt() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      byte[] record = sealed(randomMessage(random).toByteArray());

      assertThat(ours(record)).as("round %d", round).isEqualTo(theirs(record).orElseThrow());
      assertThat(AggregateReader.read(record)).isInstanceOf(Aggregate.Of.class);
    }
  }

  @Test
  void whatWeWriteTheClientLibraryReads() {
    Random random = new Random(2);
    for (int round = 0; round < 200; round++) {
      AggregateWriter writer = new AggregateWriter();
      List<String> written = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        byte[] payload = bytes(random, random.nextInt(400));
        String key = "key-" + random.nextInt(5) + "é".repeat(random.nextInt(100));
        writer.add(key, payload);
        written.add(key + "=" + HexFormat.of().formatHex(payload));
      }
      assertThat(theirs(writer.toBytes())).contains(written);
    }
  }

  @Test
  void damagedMessagesAreReadAsTheClientLibraryDoesOrKeptAsTheyCame() {
    Random random = new Random(3);
    Map<AggregateProblem, Integer> seen = new EnumMap<>(AggregateProblem.class);
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] message = mutated(randomMessage(random).toByteArray(), random);
      byte[] record = sealed(message);
      Aggregate aggregate = AggregateReader.read(record);
      Optional<List<String>> theirs = theirs(record);
      if (aggregate instanceof Aggregate.Broken broken) {
        seen.merge(broken.problem(), 1, Integer::sum);
        if (!STRICTER.contains(broken.problem())) {
          assertThat(theirs).as("round %d: %s", round, broken).contains(plain(record));
        }
      } else {
        read++;
        // It fails, or drops the record, where an explicit hash key, which we need not understand,
        // is
        // no hash key.
        assertThat(theirs.filter(list -> !list.isEmpty()).orElseGet(() -> parsed(message)))
            .as("round %d", round)
            .isEqualTo(ours(record));
      }
    }
    // The mutations reach both ways out, and most reasons.
    assertThat(read).isGreaterThan(ROUNDS / 20);
    assertThat(seen.keySet())
        .contains(
            AggregateProblem.MALFORMED,
            AggregateProblem.LENGTH,
            AggregateProblem.FIELD_MISSING,
            AggregateProblem.KEY_INDEX,
            AggregateProblem.KEY_NOT_TEXT,
            AggregateProblem.NO_RECORDS);
  }

  @Test
  void damagedRecordsAreKeptAsTheyCameByBoth() {
    Random random = new Random(4);
    for (int round = 0; round < 2_000; round++) {
      byte[] record = sealed(randomMessage(random).toByteArray());
      byte[] damaged = mutated(record, random);
      if (!Arrays.equals(damaged, record)) {
        assertThat(AggregateReader.read(damaged)).isNotInstanceOf(Aggregate.Of.class);
        assertThat(theirs(damaged)).contains(plain(damaged));
      }
    }
  }

  /**
   * The KCL leaves out a whole Kinesis record when one of its user records does not belong to the
   * shard; the KPL sends again only those that do not. The archive keeps all of them
   * (docs/decisions/0002-aggregated-records.md).
   */
  @Test
  void userRecordsOfOtherShardsAreKeptWhereTheClientLibraryDropsTheirNeighboursToo() {
    BigInteger half = BigInteger.ONE.shiftLeft(127);
    byte[] record =
        sealed(
            Messages.AggregatedRecord.newBuilder()
                .addPartitionKeyTable("k")
                .addExplicitHashKeyTable("0")
                .addExplicitHashKeyTable(half.toString())
                .addRecords(record(0, 0, "here"))
                .addRecords(record(0, 1, "there"))
                .build()
                .toByteArray());

    List<KinesisClientRecord> theirs =
        new AggregatorUtil()
            .deaggregate(List.of(client(record)), BigInteger.ZERO, half.subtract(BigInteger.ONE));

    assertThat(theirs).isEmpty();
    assertThat(ours(record)).containsExactly("k=" + hex("here"), "k=" + hex("there"));
  }

  private static Messages.Record record(int key, int hashKey, String data) {
    return Messages.Record.newBuilder()
        .setPartitionKeyIndex(key)
        .setExplicitHashKeyIndex(hashKey)
        .setData(com.google.protobuf.ByteString.copyFromUtf8(data))
        .build();
  }

  private static Messages.AggregatedRecord randomMessage(Random random) {
    Messages.AggregatedRecord.Builder message = Messages.AggregatedRecord.newBuilder();
    int keys = 1 + random.nextInt(4);
    for (int i = 0; i < keys; i++) {
      message.addPartitionKeyTable("key-" + i + "ß".repeat(random.nextInt(3)));
    }
    int hashKeys = random.nextInt(3);
    for (int i = 0; i < hashKeys; i++) {
      message.addExplicitHashKeyTable(new BigInteger(128, random).toString());
    }
    for (int i = random.nextInt(6); i >= 0; i--) {
      Messages.Record.Builder record =
          Messages.Record.newBuilder()
              .setPartitionKeyIndex(random.nextInt(keys))
              .setData(com.google.protobuf.ByteString.copyFrom(bytes(random, random.nextInt(20))));
      if (hashKeys > 0 && random.nextBoolean()) {
        record.setExplicitHashKeyIndex(random.nextInt(hashKeys));
      }
      if (random.nextInt(5) == 0) {
        record.addTags(Messages.Tag.newBuilder().setKey("tag").setValue("v"));
      }
      message.addRecords(record);
    }
    return message.build();
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] changed = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      case 1 -> changed = concat(changed, bytes(random, 1 + random.nextInt(12)));
      case 2 -> {
        int from = random.nextInt(changed.length);
        byte[] inserted = bytes(random, 1 + random.nextInt(4));
        changed =
            concat(
                concat(Arrays.copyOf(changed, from), inserted),
                Arrays.copyOfRange(changed, from, changed.length));
      }
      default -> {
        for (int i = random.nextInt(3); i >= 0; i--) {
          changed[random.nextInt(changed.length)] =
              random.nextBoolean() ? (byte) random.nextInt(32) : (byte) random.nextInt(256);
        }
      }
    }
    return changed;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] sealed(byte[] message) {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(message);
      return concat(concat(AggregatorUtil.AGGREGATED_RECORD_MAGIC, message), digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the client library makes of a record; empty if it fails. */
  private static Optional<List<String>> theirs(byte[] record) {
    try {
      return Optional.of(
          new AggregatorUtil()
              .deaggregate(new ArrayList<>(List.of(client(record)))).stream()
                  .map(AggregatorOracleTest::text)
                  .toList());
    } catch (NoClassDefFoundError e) {
      // It wants to log the record, with a class that left the JDK with Java 11.
      return Optional.empty();
    }
  }

  /** What protobuf's own parser finds in a message. */
  private static List<String> parsed(byte[] message) {
    try {
      Messages.AggregatedRecord all = Messages.AggregatedRecord.parseFrom(message);
      return all.getRecordsList().stream()
          .map(
              record ->
                  all.getPartitionKeyTable((int) record.getPartitionKeyIndex())
                      + "="
                      + HexFormat.of().formatHex(record.getData().toByteArray()))
          .toList();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static KinesisClientRecord client(byte[] record) {
    return KinesisClientRecord.builder()
        .partitionKey("outer")
        .sequenceNumber("1")
        .data(ByteBuffer.wrap(record))
        .build();
  }

  private static String text(KinesisClientRecord record) {
    byte[] payload = new byte[record.data().remaining()];
    record.data().duplicate().get(payload);
    return record.partitionKey() + "=" + HexFormat.of().formatHex(payload);
  }

  private static List<String> ours(byte[] record) {
    return ((Aggregate.Of) AggregateReader.read(record))
        .records().stream()
            .map(r -> r.partitionKey() + "=" + HexFormat.of().formatHex(r.payload()))
            .toList();
  }

  private static List<String> plain(byte[] record) {
    return List.of("outer=" + HexFormat.of().formatHex(record));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
