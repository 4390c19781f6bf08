package io.watershed.archive.encode;

import io.watershed.core.config.SchemaSettings;
import io.watershed.core.payload.Observations;
import io.watershed.core.payload.PayloadFormat;
import io.watershed.core.payload.PayloadLayout;
import io.watershed.core.payload.PayloadRow;
import io.watershed.core.payload.Shredder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.BiConsumer;

/** JSON with a defect. */
record BrokenFormat(BiConsumer<String, PayloadRow> defect) implements PayloadFormat {
  @Override
  public String name() {
    return "broken";
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return bounds;
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    return broken(JSON.shredder(layout, settings));
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return broken(JSON.shredder(layout, wanted));
  }

  private Shredder broken(Shredder whole) {
    return new Shredder() {
      @Override
      public PayloadRow shred(byte[] payload) {
        PayloadRow row = whole.shred(payload);
        defect.accept(new String(payload, StandardCharsets.UTF_8), row);
        return row;
      }

      @Override
      public Observations observations() {
        return whole.observations();
      }
    };
  }
}
