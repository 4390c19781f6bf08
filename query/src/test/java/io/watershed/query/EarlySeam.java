package io.watershed.query;

import io.watershed.core.checkpoint.After;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.ShardPosition;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.PinnedShard;
import io.watershed.cut.PinnedStream;
import io.watershed.cut.Receipt;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An engine whose scans say that the archive ends a little before it does. */
final class EarlySeam extends ForwardingEngine {
  private final String stream;

  EarlySeam(QueryEngine engine, String stream) {
    super(engine);
    this.stream = stream;
  }

  @Override
  public RecordScan scan(ScanRequest request) {
    return new Scan(super.scan(request), stream);
  }

  private record Scan(RecordScan scan, String stream) implements RecordScan {
    @Override
    public Receipt receipt() {
      Receipt whole = scan.receipt();
      PinnedStream pinned = whole.find(stream).orElseThrow();
      TreeMap<ShardKey, PinnedShard> shards = new TreeMap<>();
      pinned.shards().forEach((key, shard) -> shards.put(key, earlier(shard)));
      PinnedStream early =
          new PinnedStream(
              stream,
              pinned.tableUuid(),
              pinned.snapshotHint(),
              shards,
              pinned.schema(),
              pinned.gaps());
      return new Receipt(whole.id(), whole.body(), whole.statementTime(), List.of(early));
    }

    private static PinnedShard earlier(PinnedShard shard) {
      return new PinnedShard(
          shard.through(),
          shard.parents(),
          shard.archived().lastPosition().map(Scan::before).orElse(shard.archived()),
          shard.sums(),
          shard.readTo(),
          shard.dropped());
    }

    private static After before(ShardPosition position) {
      java.math.BigInteger number =
          new java.math.BigInteger(position.sequenceNumber().padded())
              .subtract(java.math.BigInteger.ONE);
      return new After.At(ShardPosition.parse(number.toString()));
    }

    @Override
    public List<ShardKey> shards() {
      return scan.shards();
    }

    @Override
    public Totals totals() {
      return scan.totals();
    }

    @Override
    public Optional<Extent> extent() {
      return scan.extent();
    }

    @Override
    public Iterator<ScannedRecord> rows(Optional<ScanPosition> after) {
      return scan.rows(after);
    }

    @Override
    public Iterator<StreamRecord> recordsBeyond(Map<ShardKey, After> done) {
      return scan.recordsBeyond(done);
    }

    @Override
    public Iterator<ScannedRecord> sideBySide(Map<ShardKey, After> done) {
      return scan.sideBySide(done);
    }

    @Override
    public void close() {
      scan.close();
    }
  }
}
