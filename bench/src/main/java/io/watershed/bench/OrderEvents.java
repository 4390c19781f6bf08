package io.watershed.bench;

import io.watershed.core.record.SequenceNumber;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Realistic order events of about 0.6 KB: 16 fields, some nested, some optional. Seeded. */
final class OrderEvents {
  private static final String[] CITIES = {
    "Berlin", "Z\u00fcrich", "Lisboa", "Helsinki", "New York", "S\u00e3o Paulo", "Osaka", "Perth"
  };
  private static final String[] AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML)",
    "shop-app/4.12.1 (Android 14; Pixel 8)"
  };
  private static final String[] STATES = {"created", "paid", "packed", "shipped", "returned"};

  private final Random random;

  OrderEvents(long seed) {
    random = new Random(seed);
  }

  /** Records of one day in two shards, in the order of their positions. */
  static List<StreamRecord> records(long seed, int count, Instant start) {
    OrderEvents events = new OrderEvents(seed);
    List<StreamRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ShardKey shard =
          new ShardKey(
              "orders@20260101T000000.000Z",
              i < count / 2 ? "shardId-000000000000" : "shardId-000000000001");
      Instant arrival = start.plusMillis(i % (count / 2 + 1));
      String sequence = String.format(Locale.ROOT, "4964%052d", 17L * i);
      records.add(
          new StreamRecord(
              shard,
              ShardPosition.of(SequenceNumber.parse(sequence)),
              "customer-" + events.random.nextInt(20_000),
              arrival,
              events.next(i, arrival).getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  /** One payload. */
  String next(int number, Instant time) {
    double amount = random.nextInt(50_000) / 100.0;
    StringBuilder json = new StringBuilder(700);
    json.append("{\"event_id\":\"").append(hex(16)).append('-').append(hex(16));
    json.append("\",\"order_id\":").append(4_000_000_000L + number / 3);
    json.append(",\"time\":\"").append(time).append('"');
    json.append(",\"type\":\"order.").append(one(STATES)).append('"');
    json.append(",\"amount\":").append(amount);
    json.append(",\"currency\":\"").append(random.nextInt(5) == 0 ? "USD" : "EUR").append('"');
    json.append(",\"customer\":{\"id\":").append(random.nextInt(20_000));
    json.append(",\"city\":\"").append(one(CITIES)).append('"');
    json.append(",\"vip\":").append(random.nextInt(20) == 0);
    json.append(",\"geo\":{\"lat\":").append(random.nextInt(180_000_000) / 1e6 - 90);
    json.append(",\"lon\":").append(random.nextInt(360_000_000) / 1e6 - 180).append("}}");
    json.append(",\"items\":[");
    int items = 1 + random.nextInt(3);
    for (int i = 0; i < items; i++) {
      json.append(i == 0 ? "" : ",").append("{\"sku\":\"S-").append(random.nextInt(5_000));
      json.append("\",\"quantity\":").append(1 + random.nextInt(4)).append('}');
    }
    json.append("],\"discount\":").append(random.nextInt(4) == 0 ? "0.15" : "null");
    json.append(",\"channel\":\"").append(random.nextBoolean() ? "web" : "app").append('"');
    json.append(",\"ip\":\"10.").append(random.nextInt(256)).append('.');
    json.append(random.nextInt(256)).append('.').append(random.nextInt(256)).append('"');
    json.append(",\"user_agent\":\"").append(one(AGENTS)).append('"');
    json.append(",\"session\":\"").append(hex(16)).append('"');
    json.append(",\"retries\":").append(random.nextInt(10) == 0 ? 1 : 0);
    if (random.nextInt(10) == 0) {
      json.append(",\"note\":\"leave at the door, ring twice \\u2013 thanks\"");
    }
    return json.append(",\"schema\":\"v3\"}").toString();
  }

  private String hex(int digits) {
    return HexFormat.of().toHexDigits(random.nextLong()).substring(16 - digits);
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
