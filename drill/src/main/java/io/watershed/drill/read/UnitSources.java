package io.watershed.drill.read;

import io.watershed.core.checkpoint.After;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.record.ShardKey;
import io.watershed.core.record.StreamRecord;
import io.watershed.cut.LiveRange;
import io.watershed.reservoir.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where this drillbit reads units from. Thread-safe. */
public interface UnitSources {
  /** The reservoir's objects. */
  ObjectStore store();

  /** How the stream's payloads are decoded. */
  PayloadFormat format(String stream);

  /** The records of a range: exactly these, or an error. Blocks. */
  List<StreamRecord> live(
      String stream, LiveRange range, Function<ShardKey, Optional<After>> archived);
}
