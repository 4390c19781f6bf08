package io.watershed.localkinesis;

/** How much all shards of an account hold. Guarded by the account's lock. */
final class HeldBytes {
  private long records;
  private long bytes;

  void add(HeldRecord entry) {
    records++;
    bytes += entry.footprint();
  }

  void remove(HeldRecord entry) {
    records--;
    bytes -= entry.footprint();
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }
}
