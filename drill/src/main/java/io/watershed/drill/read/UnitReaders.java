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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.drill.exec.physical.impl.scan.v3.ManagedReader;
import org.apache.drill.exec.physical.impl.scan.v3.ReaderFactory;
import org.apache.drill.exec.physical.impl.scan.v3.SchemaNegotiator;

/** Opens the readers of a scan's units, one after the other. */
public final class UnitReaders implements ReaderFactory<SchemaNegotiator> {
  private final UnitSources sources;
  private final StreamScan scan;
  private final Iterator<ScanUnit> units;
  private final PayloadLayout layout;

  /**
   * @param sources what the units are read from
   */
  public UnitReaders(UnitSources sources, StreamScan scan, List<ScanUnit> units) {
    this.sources = sources;
    this.scan = scan;
    this.units = List.copyOf(units).iterator();
    this.layout = PayloadLayout.of(new PayloadSchema(scan.physical()));
  }

  @Override
  public boolean hasNext() {
    return units.hasNext();
  }

  @Override
  public ManagedReader next(SchemaNegotiator negotiator) {
    ScanUnit unit = units.next();
    return ReadErrors.translating(
        () -> new UnitReader(scan, negotiator, wanted -> rows(unit, wanted)));
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
