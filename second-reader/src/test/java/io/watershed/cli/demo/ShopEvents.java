package io.watershed.cli.demo;

import io.watershed.localkinesis.LocalKinesis;
import java.time.Instant;
import java.util.Random;

/** The events of the demo, for tests. */
public final class ShopEvents {
  private final Shop shop;
  private Instant now = Instant.parse("2026-11-28T10:00:00Z");

  public ShopEvents(long seed) {
    shop = new Shop(new Random(seed));
  }

  /** Puts so many orders and twice as many clicks into the streams of these names. */
  public void put(LocalKinesis kinesis, int orders) {
    for (int i = 0; i < orders; i++) {
      now = now.plusMillis(137);
      put(kinesis, "orders", shop.order(now));
      put(kinesis, "clicks", shop.click(now));
      put(kinesis, "clicks", shop.click(now.plusMillis(20)));
    }
  }

  private static void put(LocalKinesis kinesis, String stream, Shop.Event event) {
    kinesis.put(stream, event.key(), event.payload());
  }
}
