package io.watershed.cli.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Makes up the events of a web shop: clicks of customers and their orders, joinable by customer and
 * product. Same seed, same events. Used by one thread.
 */
final class Shop {
  private static final int CUSTOMERS = 400;
  private static final List<Product> PRODUCTS =
      List.of(
          new Product("kettle", 34.9),
          new Product("lamp", 59.0),
          new Product("notebook", 4.5),
          new Product("headphones", 129.0),
          new Product("backpack", 79.95),
          new Product("teapot", 24.0),
          new Product("umbrella", 19.99),
          new Product("bicycle", 649.0));
  private static final List<Place> PLACES =
      List.of(
          new Place("DE", "Berlin"),
          new Place("DE", "Hamburg"),
          new Place("FR", "Lyon"),
          new Place("NL", "Utrecht"),
          new Place("PL", "Gdańsk"),
          new Place("ES", "Málaga"));
  private static final List<String> STATUSES =
      List.of("paid", "paid", "paid", "paid", "pending", "failed");
  private static final List<String> DEVICES = List.of("phone", "phone", "laptop", "tablet");

  private final RandomGenerator random;
  private long orders;
  private long clicks;

  Shop(RandomGenerator random) {
    this.random = random;
  }

  /** An event and the customer, whose events keep their order. */
  record Event(String key, String json) {
    byte[] payload() {
      return json.getBytes(StandardCharsets.UTF_8);
    }
  }

  private record Product(String name, double price) {}

  private record Place(String country, String city) {}

  Event order(Instant now) {
    orders++;
    String customer = customer();
    Product product = pick(PRODUCTS);
    Place place = pick(PLACES);
    int quantity = 1 + random.nextInt(3);
    String note = random.nextInt(5) == 0 ? ",\"gift_note\":\"Happy birthday!\"" : "";
    return new Event(
        customer,
        String.format(
            Locale.ROOT,
            "{\"order_id\":\"o-%07d\",\"customer_id\":\"%s\",\"product\":\"%s\",\"quantity\":%d,"
                + "\"amount\":%.2f,\"currency\":\"EUR\",\"status\":\"%s\",\"placed_at\":\"%s\","
                + "\"shipping\":{\"country\":\"%s\",\"city\":\"%s\",\"express\":%b},"
                + "\"tags\":[\"web\",\"demo\"]%s}",
            orders,
            customer,
            product.name(),
            quantity,
            quantity * product.price(),
            pick(STATUSES),
            now,
            place.country(),
            place.city(),
            random.nextInt(4) == 0,
            note));
  }

  Event click(Instant now) {
    clicks++;
    String customer = customer();
    String product = pick(PRODUCTS).name();
    return new Event(
        customer,
        String.format(
            Locale.ROOT,
            "{\"click_id\":%d,\"customer_id\":\"%s\",\"page\":\"/product/%s\",\"product\":\"%s\","
                + "\"device\":{\"kind\":\"%s\",\"width\":%d},\"millis_on_page\":%d,\"at\":\"%s\"}",
            clicks,
            customer,
            product,
            product,
            pick(DEVICES),
            360 + 40 * random.nextInt(40),
            random.nextInt(60_000),
            now));
  }

  private String customer() {
    // Squared, so that some customers are busier than others.
    double share = random.nextDouble();
    return String.format(Locale.ROOT, "c-%03d", (int) (share * share * CUSTOMERS));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
