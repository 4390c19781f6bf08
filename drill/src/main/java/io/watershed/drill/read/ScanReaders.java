package io.watershed.drill.read;

import io.watershed.core.checkpoint.After;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadSchema;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.drill.plan.FileUnit;
import io.watershed.drill.plan.ScanUnit;
import io.watershed.drill.plan.ShardEnd;
import io.watershed.drill.plan.ShardUnit;
import io.watershed.drill.plan.StreamScan;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.drill.exec.physical.impl.scan.v3.ManagedReader;
import org.apache.drill.exec.physical.impl.scan.v3.ReaderFactory;
import org.apache.drill.exec.physical.impl.scan.v3.SchemaNegotiator;

/** Makes the one reader of a fragment's units. */
public final class ScanReaders implements ReaderFactory<SchemaNegotiator> {
  private final UnitSources sources;
  private final StreamScan scan;
  private final List<ScanUnit> units;
  private final PayloadLayout layout;
  private boolean made;

  /**
   * @param sources what the units are read from
   */
  public ScanReaders(UnitSources sources, StreamScan scan, List<ScanUnit> units) {
    this.sources = sources;
    this.scan = scan;
    this.units = List.copyOf(units);
    this.layout = PayloadLayout.of(new PayloadSchema(scan.physical()));
  }

  @Override
  public boolean hasNext() {
    return !made;
  }

  @Override
  public ManagedReader next(SchemaNegotiator negotiator) {
    made = true;
    return ReadErrors.translating(
        () ->
            new ScanReader(
                scan,
                negotiator,
                units.stream().mapToLong(ScanUnit::rows).sum(),
                wanted -> new AllRows<>(units, unit -> rows(unit, wanted))));
  }

  private Rows rows(ScanUnit unit, BitSet wanted) {
    if (unit instanceof FileUnit file) {
      return fileRows(file, wanted);
    }
    return unit instanceof ShardUnit shard ? shardRows(shard, wanted) : Rows.none();
  }

  private Rows fileRows(FileUnit unit, BitSet wanted) {
    DataFile file = DataFile.open(sources.store(), unit, layout);
    BitSet read = CutRows.plus(wanted, unit);
    PayloadFormat format = sources.format(scan.stream());
    boolean hasColumns = !format.name().equals(PayloadFormat.RAW.name());
    if (hasColumns && file.hides(wanted)) {
      Rows records = new CutRows(file.rows(DecodedRows.record()), scan, unit);
      return new DecodedRows(records, new RecordRow(format, layout, wanted));
    }
    return new CutRows(file.rows(read), scan, unit);
  }

  private Rows shardRows(ShardUnit unit, BitSet wanted) {
    Map<ShardKey, After> archived = new HashMap<>();
    for (ShardEnd end : scan.archived()) {
      archived.put(end.shard(), end.place());
    }
    List<StreamRecord> records =
        sources.live(scan.stream(), unit.range(), key -> Optional.ofNullable(archived.get(key)));
    return new ShardRows(
        records, scan.copies(), new RecordRow(sources.format(scan.stream()), layout, wanted));
  }
}
