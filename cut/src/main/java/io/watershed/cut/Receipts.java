package io.watershed.cut;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receipts in the reservoir: immutable objects {@code receipts/<SHA-256>.json}. Thread-safe. */
public final class Receipts {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
  private static final String FOLDER = "receipts/";
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8,64}");

  /** Longest accepted body, in bytes: some ten thousand shards. */
  private static final long MAX_BODY_BYTES = 16L << 20;

  private final ObjectStore store;
  private final String engine;

  /**
   * @param store the reservoir's objects
   * @param engine name and version of what answers statements
   */
  public Receipts(ObjectStore store, String engine) {
    this.store = store;
    this.engine = engine;
  }

  /**
   * Prints a cut. Nothing is stored yet.
   *
   * @param asOfTime the time that chose the cut, for information
   */
  public Receipt print(
      Instant statementTime, Optional<Instant> asOfTime, List<PinnedStream> streams) {
    return ReceiptJson.write(statementTime, asOfTime, engine, streams);
  }

  /**
   * Stores a receipt.
   *
   * @return a notice for the person if it could not be stored; its body repeats the cut all the
   *     same
   */
  public Optional<String> store(Receipt receipt) {
    try {
      byte[] body = receipt.body().getBytes(StandardCharsets.UTF_8);
      CreateOutcome outcome = store.createIfAbsent(keyOf(receipt.body()), body);
      if (outcome != CreateOutcome.UNKNOWN) {
        return Optional.empty();
      }
      LOG.warn("receipt {}: the store gave no definite answer", receipt.id());
    } catch (WatershedException e) {
      LOG.warn("receipt {} is not stored: {}", receipt.id(), e.getMessage());
    }
    return Optional.of(
        "The receipt could not be stored in the reservoir: keep its body (-o json) to ask again.");
  }

  /**
   * Finds a receipt.
   *
   * @param idOrBody an id of at least 8 digits, or a JSON body
   * @throws WatershedException {@code not-found}, {@code invalid-input}
   */
  public Receipt find(String idOrBody) {
    String text = idOrBody.strip();
    if (text.startsWith("{")) {
      return ReceiptJson.read(text);
    }
    if (!ID.matcher(text).matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not a receipt",
          "A receipt is the "
              + Receipt.ID_CHARS
              + " hexadecimal digits under a result, or a body.");
    }
    List<String> keys = new ArrayList<>();
    for (ObjectInfo object : store.list(FOLDER + text)) {
      keys.add(object.key());
      if (keys.size() > 1) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "several receipts begin with " + text,
            "Give more digits of the name in " + store.root() + "/" + FOLDER);
      }
    }
    return keys.stream()
        .findFirst()
        .flatMap(this::read)
        .orElseThrow(
            () ->
                new WatershedException(
                    ErrorCode.NOT_FOUND,
                    "there is no receipt " + text + " in " + store.root(),
                    "Receipts are kept in the reservoir that answered the statement."));
  }

  private Optional<Receipt> read(String key) {
    Optional<byte[]> bytes = store.get(key, MAX_BODY_BYTES);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    String body = new String(bytes.get(), StandardCharsets.UTF_8);
    if (!key.equals(keyOf(body))) {
      throw new WatershedException(
          ErrorCode.INTEGRITY,
          store.root() + "/" + key + " was changed: its name is the hash of what it held",
          "Use the receipt's JSON body, if you have kept it.");
    }
    return Optional.of(ReceiptJson.read(body));
  }

  private static String keyOf(String body) {
    return FOLDER + ReceiptJson.hash(body) + ".json";
  }
}
