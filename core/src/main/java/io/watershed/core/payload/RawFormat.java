package io.watershed.core.payload;

import io.watershed.core.config.SchemaSettings;
import java.util.BitSet;

/** Understands nothing and so never fails: every column is NULL, and so is the decode error. */
final class RawFormat implements PayloadFormat {
  @Override
  public String name() {
    return "raw";
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    return new RawShredder(layout.size());
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new RawShredder(layout.size());
  }

  private static final class RawShredder implements Shredder {
    private final PayloadRow row;

    RawShredder(int slots) {
      row = new PayloadRow(slots);
    }

    @Override
    public PayloadRow shred(byte[] payload) {
      return row;
    }

    @Override
    public Observations observations() {
      return Observations.NONE;
    }
  }
}
