package io.watershed.core.payload;

import io.watershed.core.config.DeclaredSchema;
import io.watershed.core.config.SchemaSettings;
import java.util.BitSet;
import java.util.List;

/**
 * Understands nothing and so never fails: every column is NULL, and so is the decode error. It says
 * that anything may be in the payloads, so that they can be decoded when another format is chosen.
 */
final class RawFormat implements PayloadFormat {
  static final String NAME = "raw";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SchemaSettings schema(SchemaSettings bounds) {
    return bounds.withDeclared(DeclaredSchema.NONE);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, SchemaSettings settings) {
    return new RawShredder(layout.size(), true);
  }

  @Override
  public Shredder shredder(PayloadLayout layout, BitSet wanted) {
    return new RawShredder(layout.size(), false);
  }

  private static final class RawShredder implements Shredder {
    private final PayloadRow row;
    private final boolean notes;
    private boolean seen;

    RawShredder(int slots, boolean notes) {
      this.row = new PayloadRow(slots);
      this.notes = notes;
    }

    @Override
    public PayloadRow shred(byte[] payload) {
      seen = notes;
      return row;
    }

    @Override
    public Observations observations() {
      return seen ? new Observations(List.of(), true) : Observations.NONE;
    }
  }
}
