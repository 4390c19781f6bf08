package io.watershed.drill;

import io.watershed.localkinesis.LocalKinesis;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/** Orders whose columns grow: siblings, members of structs, columns that come late. */
final class Shop {
  private static final String[] CITIES = {"Gdańsk", "Lima", "Oslo", "São Paulo"};

  private final Random random;
  private int next;

  Shop(long seed) {
    random = new Random(seed);
  }

  /**
   * Puts so many orders.
   *
   * @param age how far the orders have grown, from 0 to 3
   */
  void put(LocalKinesis kinesis, int orders, int age) {
    for (int i = 0; i < orders; i++) {
      kinesis.put(
          "orders", "customer-" + random.nextInt(7), order(age).getBytes(StandardCharsets.UTF_8));
    }
  }

  private String order(int age) {
    StringBuilder json = new StringBuilder("{\"order_id\":\"o-" + next + "\"");
    json.append(",\"quantity\":").append(1 + random.nextInt(4));
    json.append(",\"amount\":").append(amount(age));
    if (random.nextInt(5) > 0) {
      json.append(",\"shipping\":{\"city\":\"").append(CITIES[random.nextInt(4)]).append('"');
      json.append(",\"express\":").append(random.nextBoolean());
      if (age >= 2) {
        json.append(",\"point\":{\"lat\":").append(random.nextInt(90)).append(".5}");
      }
      json.append('}');
    }
    if (age >= 1) {
      json.append(",\"note\":").append(random.nextBoolean() ? "null" : "\"n" + next + '"');
    }
    if (age >= 3) {
      json.append(",\"tags\":[1,\"two\"],\"gift\":").append(random.nextBoolean());
    }
    next++;
    return json.append('}').toString();
  }

  /** Whole numbers at first, then also fractions, then also texts. */
  private String amount(int age) {
    return switch (random.nextInt(age + 1)) {
      case 0 -> Integer.toString(random.nextInt(500));
      case 1 -> String.format(Locale.ROOT, "%.2f", random.nextDouble() * 100);
      case 2 -> Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
      default -> "\"much\"";
    };
  }
}
