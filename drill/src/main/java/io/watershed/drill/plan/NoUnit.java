package io.watershed.drill.plan;

/** Nothing: a scan of no rows still says which columns it has. */
public record NoUnit() implements ScanUnit {
  @Override
  public long rows() {
    return 0;
  }

  @Override
  public long bytes() {
    return 0;
  }
}
