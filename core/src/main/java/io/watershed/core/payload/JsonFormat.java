package io.watershed.core.payload;

import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.SchemaSettings;
import java.util.BitSet;

/** One UTF-8 JSON object a payload (RFC 8259, strictly), by Jackson's streaming parser. */
final class JsonFormat implements PayloadFormat {
  private final DeclaredSchema declared;

  JsonFormat(DeclaredSchema declared) {
    this.declared = declared;
  }

  @Override
  public String name() {
    return "json";
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return bounds.withDeclared(declared);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    ObservationLog log = ObservationLog.within(layout, settings);
    BitSet all = new BitSet(layout.size());
    all.set(0, layout.size());
    return new JsonShredder(layout, all, log);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new JsonShredder(layout, wanted, ObservationLog.off());
  }
}
