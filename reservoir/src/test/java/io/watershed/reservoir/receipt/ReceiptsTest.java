package io.watershed.reservoir.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.DiskStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptsTest {
  private static final byte[] BODY = "{\"cut\":1}".getBytes(StandardCharsets.UTF_8);
  @TempDir Path folder;
  private DiskStore store;
  private Receipts receipts;

  @BeforeEach
  void open() {
    store = new DiskStore(folder);
    receipts = new Receipts(store);
  }

  @Test
  void aBodyIsFoundByItsIdAndByTheStartOfIt() {
    String id = receipts.put(BODY);
    assertThat(receipts.put(BODY)).as("stored twice").isEqualTo(id);
    assertThat(receipts.get(id)).isEqualTo(BODY);
    assertThat(receipts.get(Receipts.shortId(id))).isEqualTo(BODY);
    assertThat(store.stat("receipts/" + id + ".json")).isPresent();
  }

  @Test
  void aBodyThatWasChangedIsRefused() {
    String id = receipts.put(BODY);
    store.put("receipts/" + id + ".json", "{}".getBytes(StandardCharsets.UTF_8));
    assertCode(ErrorCode.INTEGRITY, () -> receipts.get(id));
    assertCode(ErrorCode.INTEGRITY, () -> receipts.put(BODY));
  }

  @Test
  void idsThatNameNothingOrTooMuchAreRefused() {
    String id = receipts.put(BODY);
    store.put(
        "receipts/" + id.substring(0, 20) + "0".repeat(44) + ".json",
        "x".getBytes(StandardCharsets.UTF_8));
    assertCode(ErrorCode.INVALID_INPUT, () -> receipts.get(id.substring(0, 20)));
    assertCode(ErrorCode.INVALID_INPUT, () -> receipts.get("../../etc/passwd"));
    assertCode(ErrorCode.INVALID_INPUT, () -> receipts.get("abc"));
    assertCode(ErrorCode.NOT_FOUND, () -> receipts.get("00000000"));
    assertCode(ErrorCode.NOT_FOUND, () -> receipts.get("0".repeat(64)));
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WatershedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
