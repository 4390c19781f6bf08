package io.watershed.localkinesis;

import io.watershed.core.stream.HashKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PutRecord and PutRecords. */
final class PutOperations {
  static final int MAX_RECORDS = 500;
  static final int MAX_REQUEST_BYTES = 10 << 20;

  private static final int MAX_KEY_CHARACTERS = 256;

  private final Account account;

  PutOperations(Account account) {
    this.account = account;
  }

  void register(Map<String, Operation> operations) {
    operations.put("PutRecord", this::putRecord);
    operations.put("PutRecords", this::putRecords);
  }

  /** A record on its way in, with its hash key computed outside the lock. */
  @SuppressWarnings("ArrayRecordComponent") // handed around, never compared
  private record Entry(String partitionKey, BigInteger hashKey, byte[] payload) {
    int size() {
      return HeldRecord.size(partitionKey, payload);
    }
  }

  /** What became of one record: where it went, or why not. */
  private sealed interface Outcome {
    record Written(LocalShard shard, long index, long storedMillis) implements Outcome {}

    record Failed(String errorCode, String message) implements Outcome {}
  }

  private Answer putRecord(Fields request) {
    String name = StreamReference.name(request, account);
    checkOrdering(request.text("SequenceNumberForOrdering"));
    Entry entry = entry(request, "");
    Outcome outcome =
        account.locked(
            () -> {
              LocalStream stream = account.usableStream(name);
              checkSizes(stream, List.of(entry), "data");
              account.reserve(footprint(List.of(entry)));
              strikeThrottle(stream, entry);
              return put(stream, entry, true);
            });
    if (outcome instanceof Outcome.Failed failed) {
      throw ServiceError.of(failed.errorCode(), failed.message());
    }
    Outcome.Written written = (Outcome.Written) outcome;
    return out -> {
      out.text("ShardId", written.shard().id());
      out.text(
          "SequenceNumber",
          written.shard().sequenceNumber(written.index(), written.storedMillis()));
      out.text("EncryptionType", "NONE");
    };
  }

  private Answer putRecords(Fields request) {
    String name = StreamReference.name(request, account);
    List<Fields> list = request.requiredList("Records", MAX_RECORDS);
    List<Entry> entries = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      entries.add(entry(list.get(i), "records." + (i + 1) + ".member."));
    }
    List<Outcome> outcomes =
        account.locked(
            () -> {
              LocalStream stream = account.usableStream(name);
              checkSizes(stream, entries, "records");
              account.reserve(footprint(entries));
              strikeThrottle(stream, entries.get(0));
              List<Outcome> results = new ArrayList<>(entries.size());
              entries.forEach(entry -> results.add(putOrFail(stream, entry)));
              return results;
            });
    return putRecordsAnswer(outcomes);
  }

  private static Answer putRecordsAnswer(List<Outcome> outcomes) {
    long failed = outcomes.stream().filter(Outcome.Failed.class::isInstance).count();
    return new Answer() {
      @Override
      public void write(AnswerWriter out) throws java.io.IOException {
        out.number("FailedRecordCount", failed);
        out.structures("Records", outcomes, PutOperations::writeOutcome);
        out.text("EncryptionType", "NONE");
      }

      @Override
      public int sizeHint() {
        return 100 + 160 * outcomes.size();
      }
    };
  }

  private static void writeOutcome(AnswerWriter out, Outcome outcome) throws java.io.IOException {
    if (outcome instanceof Outcome.Written written) {
      out.text(
          "SequenceNumber",
          written.shard().sequenceNumber(written.index(), written.storedMillis()));
      out.text("ShardId", written.shard().id());
    } else if (outcome instanceof Outcome.Failed failed) {
      out.text("ErrorCode", failed.errorCode());
      out.text("ErrorMessage", failed.message());
    }
  }

  /** Puts a record past limits and hostility. */
  LocalKinesis.PutReceipt putDirectly(String streamName, String partitionKey, byte[] payload) {
    Entry entry = new Entry(partitionKey, HashKey.of(partitionKey), payload);
    return account.locked(
        () -> {
          LocalStream stream = account.usableStream(streamName);
          account.reserve(footprint(List.of(entry)));
          Outcome.Written written = (Outcome.Written) put(stream, entry, false);
          return new LocalKinesis.PutReceipt(
              written.shard().id(),
              written.shard().sequenceNumber(written.index(), written.storedMillis()));
        });
  }

  private void strikeThrottle(LocalStream stream, Entry first) {
    if (account.mischief().strikes(account.mischief().hostility().throttleRate())) {
      account.counters().throttle();
      throw ServiceError.throttled(rateExceeded(stream, stream.openShardFor(first.hashKey())));
    }
  }

  private Outcome putOrFail(LocalStream stream, Entry entry) {
    Mischief mischief = account.mischief();
    if (!mischief.strikes(mischief.hostility().partialFailureRate())) {
      return put(stream, entry, true);
    }
    if (mischief.strikes(0.5)) {
      return new Outcome.Failed("InternalFailure", "Internal service failure.");
    }
    account.counters().throttle();
    return throttled(stream, stream.openShardFor(entry.hashKey()));
  }

  private Outcome put(LocalStream stream, Entry entry, boolean limited) {
    long now = account.nowMillis();
    LocalShard shard = stream.openShardFor(entry.hashKey());
    stream.expire(shard, now);
    boolean enforce = limited && account.settings().enforceLimits();
    if (enforce && !shard.limits().admitWrite(entry.size(), now)) {
      account.counters().throttle();
      return throttled(stream, shard);
    }
    long index =
        shard
            .log()
            .append(
                new HeldRecord(
                    entry.partitionKey(),
                    entry.payload(),
                    now,
                    account.mischief().arrivalMillis(now)));
    account.counters().put(entry.payload().length);
    return new Outcome.Written(shard, index, now);
  }

  private Outcome throttled(LocalStream stream, LocalShard shard) {
    return new Outcome.Failed(
        "ProvisionedThroughputExceededException", rateExceeded(stream, shard));
  }

  private String rateExceeded(LocalStream stream, LocalShard shard) {
    return "Rate exceeded for shard "
        + shard.id()
        + " in stream "
        + stream.name()
        + " under account "
        + account.id()
        + ".";
  }

  private static Entry entry(Fields fields, String memberPrefix) {
    byte[] payload = fields.requiredBytes("Data");
    String partitionKey = fields.requiredText("PartitionKey");
    int characters = partitionKey.codePointCount(0, partitionKey.length());
    if (characters < 1 || characters > MAX_KEY_CHARACTERS) {
      throw ServiceError.constraint(
          "'[" + characters + " characters]'",
          memberPrefix + "partitionKey",
          characters < 1
              ? "Member must have length greater than or equal to 1"
              : "Member must have length less than or equal to " + MAX_KEY_CHARACTERS);
    }
    Optional<String> explicit = fields.text("ExplicitHashKey");
    BigInteger hashKey =
        explicit.map(HashKeys::parseExplicit).orElseGet(() -> HashKey.of(partitionKey));
    return new Entry(partitionKey, hashKey, payload);
  }

  private static void checkSizes(LocalStream stream, List<Entry> entries, String member) {
    int maxRecord = stream.maxRecordKib() * 1_024;
    long total = 0;
    for (Entry entry : entries) {
      if (entry.size() > maxRecord) {
        throw ServiceError.constraint(
            "java.nio.HeapByteBuffer[pos=0 lim=" + entry.payload().length + "]",
            member,
            "Member must have length less than or equal to " + maxRecord);
      }
      total += entry.size();
    }
    if (total > MAX_REQUEST_BYTES) {
      throw ServiceError.invalidArgument(
          "Records size exceeds " + MAX_REQUEST_BYTES + " bytes limit.");
    }
  }

  private static long footprint(List<Entry> entries) {
    return entries.stream().mapToLong(entry -> entry.size() + ShardLog.OVERHEAD_BYTES).sum();
  }

  private static void checkOrdering(Optional<String> sequenceNumber) {
    // Numbers always rise here, so the hint changes nothing; a wrong one is still refused.
    if (sequenceNumber.filter(text -> SequenceNumbers.parse(text).isEmpty()).isPresent()) {
      throw ServiceError.invalidArgument(
          "ExclusiveMinimumSequenceNumber " + sequenceNumber.orElse("") + " is invalid.");
    }
  }
}
