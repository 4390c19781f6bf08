package io.watershed.reservoir.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

  @Test
  void aPartNamesTheVersionThatItIsOf() {
    store().put("replaced", bytes("0123456789"));
    ObjectStore.Part one = store().getPart("replaced", 2, 3);
    assertThat(one.bytes()).isEqualTo(bytes("234"));
    assertThat(store().getPart("replaced", 5, 3).version()).isEqualTo(one.version());
    store().put("replaced", bytes("9876543210"));
    assertThat(store().getPart("replaced", 2, 3).version())
        .isNotEmpty()
        .isNotEqualTo(one.version());
  }
}
