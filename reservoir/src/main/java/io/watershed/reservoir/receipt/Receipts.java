package io.watershed.reservoir.receipt;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import io.watershed.reservoir.store.ObjectStore.CreateOutcome;
import io.watershed.reservoir.store.ObjectStore.ObjectInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Receipt bodies under {@code receipts/<id>.json}, where the id is the SHA-256 of the body in
 * hexadecimal (PROTOCOL 5.3). Immutable: the same body has the same id, whoever stores it. What is
 * in a body is not known here. Thread-safe.
 */
public final class Receipts {
  /** Characters of an id that a person is shown; any longer start of it works as well. */
  public static final int SHORT_ID_LENGTH = 12;

  /** Largest body, in bytes. */
  public static final long MAX_BODY_BYTES = 16L << 20;

  private static final String FOLDER = "receipts/";
  private static final String SUFFIX = ".json";
  private static final int ID_LENGTH = 64;
  private static final int MIN_START_LENGTH = 8;
  private static final Pattern ID_START =
      Pattern.compile("[0-9a-f]{" + MIN_START_LENGTH + "," + ID_LENGTH + "}");

  private final ObjectStore store;

  /** The receipts of the reservoir that this store holds. */
  public Receipts(ObjectStore store) {
    this.store = store;
  }

  /** The id that a body has, stored or not. */
  public static String idOf(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The start of an id that a person is shown. */
  public static String shortId(String id) {
    return id.substring(0, SHORT_ID_LENGTH);
  }

  /**
   * Stores a body, if it is not there yet.
   *
   * @return its id
   * @throws WatershedException {@code limit} for a body above {@link #MAX_BODY_BYTES}, {@code
   *     store} if the store gave no definite answer
   */
  public String put(byte[] body) {
    if (body.length > MAX_BODY_BYTES) {
      throw new WatershedException(
          ErrorCode.LIMIT,
          "A receipt of " + body.length + " bytes is larger than " + MAX_BODY_BYTES,
          "Ask about fewer streams at once.");
    }
    String id = idOf(body);
    CreateOutcome outcome = store.createIfAbsent(FOLDER + id + SUFFIX, body);
    if (outcome == CreateOutcome.EXISTS) {
      throw damaged(id);
    }
    if (outcome == CreateOutcome.UNKNOWN) {
      throw new WatershedException(
          ErrorCode.STORE,
          "The store gave no definite answer when receipt " + shortId(id) + " was stored",
          "Try again when the store is reachable.");
    }
    return id;
  }

  /**
   * The body of the receipt with this id, or with the only id that starts so.
   *
   * @param idOrStart at least {@value #MIN_START_LENGTH} characters of an id
   * @throws WatershedException {@code not-found}; {@code invalid-input} if it is no start of an id,
   *     or of several; {@code integrity} if the body is not what its id says
   */
  public byte[] get(String idOrStart) {
    if (!ID_START.matcher(idOrStart).matches()) {
      throw new WatershedException(
          ErrorCode.INVALID_INPUT,
          "'"
              + (idOrStart.length() > 80 ? idOrStart.substring(0, 80) + "…" : idOrStart)
              + "' is not the id of a receipt",
          "An id has " + MIN_START_LENGTH + " to " + ID_LENGTH + " digits from 0-9 and a-f.");
    }
    String id = idOrStart.length() == ID_LENGTH ? idOrStart : complete(idOrStart);
    byte[] body =
        store.get(FOLDER + id + SUFFIX, MAX_BODY_BYTES).orElseThrow(() -> missing(idOrStart));
    if (!idOf(body).equals(id)) {
      throw damaged(id);
    }
    return body;
  }

  private String complete(String start) {
    List<String> ids = new ArrayList<>();
    for (ObjectInfo object : store.list(FOLDER + start)) {
      String name = object.key().substring(FOLDER.length());
      if (name.length() == ID_LENGTH + SUFFIX.length() && name.endsWith(SUFFIX)) {
        ids.add(name.substring(0, ID_LENGTH));
      }
      if (ids.size() > 1) {
        throw new WatershedException(
            ErrorCode.INVALID_INPUT,
            "Several receipts start with '" + start + "'",
            "Give more of the id.");
      }
    }
    if (ids.isEmpty()) {
      throw missing(start);
    }
    return ids.get(0);
  }

  private WatershedException missing(String id) {
    return new WatershedException(
        ErrorCode.NOT_FOUND,
        "There is no receipt '" + id + "' in " + store.root(),
        "A receipt is kept in the reservoir that its statement ran on: check --config.");
  }

  private static WatershedException damaged(String id) {
    return new WatershedException(
        ErrorCode.INTEGRITY,
        "The body of receipt " + shortId(id) + " is not what its id says",
        "Somebody changed it; restore receipts/" + id + SUFFIX + " from a copy.");
  }
}
