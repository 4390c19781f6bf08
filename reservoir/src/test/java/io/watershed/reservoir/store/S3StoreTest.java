package io.watershed.reservoir.store;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class S3StoreTest extends ObjectStoreContract {
  private static S3ProxyServer server;
  private static int number;
  private ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    server = new S3ProxyServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    store = server.store("test-" + number++ + "/deep");
  }

  @Override
  ObjectStore store() {
    return store;
  }
}
