package io.watershed.simulator;

import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import io.watershed.reservoir.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One process's way to the bucket: requests and answers are lost, creates land when their sender
 * has long given up, and between any two requests the process may stall, sleep or crash. What it
 * tells keeps to {@link ObjectStore}'s contract.
 */
final class SimulatedStore implements ObjectStore {
  private static final Duration LATEST_LANDING = Duration.ofMinutes(2);
  private static final Duration LONGEST_STALL = Duration.ofSeconds(20);

  private final Bucket bucket;
  private final SimulatedProcess process;
  private final World world;
  private final FaultPlan faults;
  private final Random random;
  private final boolean reliable;
  private RequestHook hook = (moment, request, key) -> {};

  /** For scenarios: is told of every request, and may crash or stop the process. */
  interface RequestHook {
    void at(Moment moment, String request, String key);
  }

  /** When a hook is called. */
  enum Moment {
    BEFORE,
    AFTER
  }

  SimulatedStore(Bucket bucket, SimulatedProcess process, Random random) {
    this(bucket, process, random, false);
  }

  /**
   * @param reliable nothing ever goes wrong on this way, as for the judge
   */
  SimulatedStore(Bucket bucket, SimulatedProcess process, Random random, boolean reliable) {
    this.reliable = reliable;
    this.bucket = bucket;
    this.process = process;
    this.world = process.world();
    this.faults = world.faults();
    this.random = random;
  }

  /** From now on this is told of requests. */
  void onRequest(RequestHook next) {
    hook = next;
  }

  @Override
  public String root() {
    return "s3://simulated/reservoir";
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    return request("get", key, () -> bucket.get(key));
  }

  @Override
  public byte[] getRange(String key, long offset, int length) {
    byte[] bytes = request("get", key, () -> bucket.get(key)).orElseThrow(() -> missing(key));
    int from = Math.toIntExact(Math.min(offset, bytes.length));
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
  }

  @Override
  public InputStream open(String key) {
    return new ByteArrayInputStream(
        request("get", key, () -> bucket.get(key)).orElseThrow(() -> missing(key)));
  }

  @Override
  public Optional<ObjectInfo> stat(String key) {
    return request("stat", key, () -> bucket.stat(key));
  }

  /** Sends until there is an answer, as the real store does, but gives up sooner. */
  @Override
  public CreateOutcome createIfAbsent(String key, byte[] content) {
    for (int attempt = 1; ; attempt++) {
      try {
        return create(key, content);
      } catch (WatershedException e) {
        if (attempt >= faults.storeTries()) {
          world.say(process.name(), "create " + shortName(key) + " has no answer");
          return CreateOutcome.UNKNOWN;
        }
      }
    }
  }

  private CreateOutcome create(String key, byte[] content) {
    if (world.strikes(random, faults.lateLanding())) {
      process.checkAlive();
      Duration delay = World.upTo(random, LATEST_LANDING);
      world.later(
          delay,
          () ->
              world.say(
                  "store",
                  "late create "
                      + shortName(key)
                      + (bucket.create(key, content) ? "" : " exists")));
      throw lost("create", key);
    }
    return request(
        "create",
        key,
        () -> {
          boolean created = bucket.create(key, content);
          boolean ours = created || Arrays.equals(bucket.get(key).orElseThrow(), content);
          if (key.endsWith(".metadata.json")) {
            world.say(process.name(), "create " + shortName(key) + (ours ? "" : " exists"));
          }
          return ours ? CreateOutcome.CREATED : CreateOutcome.EXISTS;
        });
  }

  @Override
  public void put(String key, byte[] content) {
    if (world.strikes(random, faults.lateLanding())) {
      process.checkAlive();
      world.later(World.upTo(random, LATEST_LANDING), () -> bucket.put(key, content));
      throw lost("put", key);
    }
    request(
        "put",
        key,
        () -> {
          bucket.put(key, content);
          return key;
        });
  }

  @Override
  public void upload(String key, Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    request(
        "upload",
        key,
        () -> {
          bucket.put(key, content);
          return key;
        });
  }

  @Override
  public Iterable<ObjectInfo> list(String prefix) {
    return request("list", prefix, () -> bucket.list(prefix));
  }

  @Override
  public List<String> listFolders(String prefix) {
    TreeSet<String> folders = new TreeSet<>();
    for (ObjectInfo object : request("list", prefix, () -> bucket.list(prefix))) {
      int slash = object.key().indexOf('/', prefix.length());
      if (slash > 0) {
        folders.add(object.key().substring(prefix.length(), slash));
      }
    }
    return List.copyOf(folders);
  }

  @Override
  public void delete(String key) {
    request(
        "delete",
        key,
        () -> {
          bucket.delete(key);
          if (key.endsWith(".metadata.json")) {
            world.say(process.name(), "delete " + shortName(key));
          }
          return key;
        });
  }

  @Override
  public void close() {}

  private <T> T request(String what, String key, Supplier<T> effect) {
    if (reliable || world.isHealed()) {
      process.checkAlive();
      return effect.get();
    }
    process.checkAlive();
    hook.at(Moment.BEFORE, what, key);
    disturb(what, key, "before");
    if (world.strikes(random, faults.lostRequest() + process.storeOutage())) {
      process.pause(World.upTo(random, LONGEST_STALL));
      throw lost(what, key);
    }
    T answer = effect.get();
    hook.at(Moment.AFTER, what, key);
    disturb(what, key, "after");
    if (world.strikes(random, faults.lostAnswer() + process.storeOutage())) {
      process.pause(World.upTo(random, LONGEST_STALL));
      throw lost(what, key);
    }
    return answer;
  }

  private void disturb(String what, String key, String when) {
    if (world.strikes(random, faults.crashAtRequest() / 2)) {
      world.say(process.name(), when + " " + what + " " + shortName(key) + ":");
      process.crash();
    } else if (world.strikes(random, faults.sleepAtRequest() / 2)) {
      world.say(process.name(), when + " " + what + " " + shortName(key) + ":");
      process.sleepFor(World.upTo(random, faults.longestDowntime()));
      process.pause(Duration.ZERO);
    } else if (world.strikes(random, faults.stall() / 2)) {
      process.pause(World.upTo(random, LONGEST_STALL));
    }
    process.checkAlive();
  }

  private WatershedException lost(String what, String key) {
    return new WatershedException(
        ErrorCode.STORE, "No answer to " + what + " of " + shortName(key), "Simulated.");
  }

  private static WatershedException missing(String key) {
    return new WatershedException(ErrorCode.STORE, "'" + key + "' does not exist", "Simulated.");
  }

  /** Without the unique parts, which differ from run to run. */
  private static String shortName(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    if (name.endsWith(".avro")) {
      return "a manifest";
    }
    return name.endsWith(".parquet") ? "a data file" : name;
  }
}
