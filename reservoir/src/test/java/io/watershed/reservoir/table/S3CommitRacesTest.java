package io.watershed.reservoir.table;

import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.S3ProxyServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class S3CommitRacesTest extends CommitRaces {
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
    store = server.store("races-" + number++);
  }

  @Override
  ObjectStore store() {
    return store;
  }

  @Override
  int rounds() {
    return 12;
  }
}
