package io.watershed.localkinesis;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** GetShardIterator and GetRecords. */
final class ReadOperations {
  static final int MAX_RECORDS = 10_000;
  static final long MAX_ANSWER_BYTES = 10 << 20;

  private static final DateTimeFormatter ERROR_TIME =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Account account;
  private final SignedTokens tokens;

  ReadOperations(Account account, SignedTokens tokens) {
    this.account = account;
    this.tokens = tokens;
  }

  void register(Map<String, Operation> operations) {
    operations.put("GetShardIterator", this::getShardIterator);
    operations.put("GetRecords", this::getRecords);
  }

  private Answer getShardIterator(Fields request) {
    String name = StreamReference.name(request, account);
    String shardId = request.requiredName("ShardId");
    IteratorRequest wanted = IteratorRequest.of(request);
    ShardIterator iterator =
        account.locked(
            () -> {
              LocalStream stream = account.usableStream(name);
              LocalShard shard = ShardReference.find(account, stream, shardId);
              return wanted.resolve(account, stream, shard);
            });
    String token = iterator.sign(tokens);
    return out -> out.text("ShardIterator", token);
  }

  private Answer getRecords(Fields request) {
    int limit = request.integer("Limit", 1, MAX_RECORDS).orElse(MAX_RECORDS);
    ShardIterator iterator =
        ShardIterator.verify(request.requiredText("ShardIterator"), tokens)
            .orElseThrow(() -> ServiceError.invalidArgument("Invalid ShardIterator."));
    Batch batch = account.locked(() -> read(iterator, limit));
    return batch.answer(tokens);
  }

  /** What a read found; the shard's children only at its end. */
  private record Batch(
      LocalShard shard,
      long firstIndex,
      List<HeldRecord> records,
      Optional<ShardIterator> next,
      long millisBehindLatest,
      List<LocalShard> children) {

    Answer answer(SignedTokens tokens) {
      return new Answer() {
        @Override
        public void write(AnswerWriter out) throws IOException {
          out.number("MillisBehindLatest", millisBehindLatest);
          out.text("NextShardIterator", next.map(iterator -> iterator.sign(tokens)));
          out.structures("Records", records, new RecordItem(shard, firstIndex));
          if (!children.isEmpty()) {
            out.structures("ChildShards", children, Batch::writeChild);
          }
        }

        @Override
        public int sizeHint() {
          long bytes = records.stream().mapToLong(HeldRecord::size).sum();
          return (int) Math.min(16 << 20, 1_024 + bytes * 11 / 10 + 160L * records.size());
        }
      };
    }

    private static void writeChild(AnswerWriter out, LocalShard child) throws IOException {
      out.text("ShardId", child.id());
      out.texts("ParentShards", child.parents().stream().map(LocalShard::id).toList());
      ShardOperations.writeHashKeyRange(out, child);
    }
  }

  /** Writes records; counts their indexes along. */
  private static final class RecordItem implements AnswerWriter.Item<HeldRecord> {
    private final LocalShard shard;
    private long index;

    RecordItem(LocalShard shard, long firstIndex) {
      this.shard = shard;
      this.index = firstIndex;
    }

    @Override
    public void write(AnswerWriter out, HeldRecord entry) throws IOException {
      out.text("SequenceNumber", shard.sequenceNumber(index++, entry.storedMillis()));
      out.time("ApproximateArrivalTimestamp", entry.arrivalMillis());
      out.bytes("Data", entry.payload());
      out.text("PartitionKey", entry.partitionKey());
      out.text("EncryptionType", "NONE");
    }
  }

  private Batch read(ShardIterator iterator, int limit) {
    long now = account.nowMillis();
    if (now - iterator.issuedMillis() > ShardIterator.LIFETIME_MILLIS) {
      throw expired(iterator, now);
    }
    LocalShard shard = shardOf(iterator);
    admit(iterator, shard, now);
    ShardLog log = shard.log();
    long from = Math.max(iterator.nextIndex(), log.firstIndex());
    boolean unread = from < log.nextIndex();
    if (iterator.stuck()) {
      long behind =
          account.mischief().hostility().trimmedPosition() == TrimmedPosition.EMPTY_AT_TIP ? 0 : 1;
      return new Batch(
          shard,
          from,
          List.of(),
          Optional.of(iterator.next(from, now)),
          log.isEmpty() ? 0 : behind,
          List.of());
    }
    if (unread && account.mischief().strikes(account.mischief().hostility().emptyReadRate())) {
      return new Batch(
          shard,
          from,
          List.of(),
          Optional.of(iterator.next(from, now)),
          behind(log, from, now),
          List.of());
    }
    List<HeldRecord> records = log.slice(from, limit, MAX_ANSWER_BYTES);
    shard.limits().chargeRead(records.stream().mapToLong(HeldRecord::size).sum());
    account
        .counters()
        .read(records.size(), records.stream().mapToLong(entry -> entry.payload().length).sum());
    return batch(iterator, shard, from, records, now);
  }

  private static Batch batch(
      ShardIterator iterator, LocalShard shard, long from, List<HeldRecord> records, long now) {
    long next = from + records.size();
    boolean end = !shard.isOpen() && next >= shard.log().nextIndex();
    return new Batch(
        shard,
        from,
        records,
        end ? Optional.empty() : Optional.of(iterator.next(next, now)),
        behind(shard.log(), next, now),
        end ? List.copyOf(shard.children()) : List.of());
  }

  /** 0 at the tip, else the age of the next record, and at least 1. */
  private static long behind(ShardLog log, long next, long now) {
    return next < log.nextIndex() ? Math.max(1, now - log.at(next).storedMillis()) : 0;
  }

  private LocalShard shardOf(ShardIterator iterator) {
    LocalStream stream = account.usableStream(iterator.streamName());
    if (stream.createdMillis() != iterator.streamCreatedMillis()) {
      throw ServiceError.notFound(
          "Shard "
              + LocalShard.id(iterator.shardIndex())
              + " in stream "
              + stream.name()
              + " under account "
              + account.id()
              + " does not exist");
    }
    return ShardReference.find(account, stream, LocalShard.id(iterator.shardIndex()));
  }

  private void admit(ShardIterator iterator, LocalShard shard, long now) {
    Mischief mischief = account.mischief();
    boolean refused =
        (account.settings().enforceLimits() && !shard.limits().admitRead(now))
            || mischief.strikes(mischief.hostility().throttleRate());
    if (refused) {
      account.counters().throttle();
      throw ServiceError.throttled(
          "Rate exceeded for shard "
              + shard.id()
              + " in stream "
              + iterator.streamName()
              + " under account "
              + account.id()
              + ".");
    }
  }

  private static ServiceError expired(ShardIterator iterator, long now) {
    return ServiceError.of(
        "ExpiredIteratorException",
        "Iterator expired. The iterator was created at time "
            + ERROR_TIME.format(Instant.ofEpochMilli(iterator.issuedMillis()))
            + " while right now it is "
            + ERROR_TIME.format(Instant.ofEpochMilli(now))
            + " which is further in the future than the tolerated delay of "
            + ShardIterator.LIFETIME_MILLIS
            + " milliseconds.");
  }
}
