package io.watershed.drill.plan;

/**
 * Some row groups of a pinned data file: those whose number, modulo {@code parts}, is {@code part}.
 *
 * @param key the object's key in the reservoir
 * @param fileRows records of the whole file
 * @param fileBytes size of the whole file
 * @param part from 0
 * @param parts at least 1
 * @param filtered whether the file also holds rows outside the cut
 */
public record FileUnit(
    String key, long fileRows, long fileBytes, int part, int parts, boolean filtered)
    implements ScanUnit {
  @Override
  public long rows() {
    return fileRows / parts;
  }

  @Override
  public long bytes() {
    return fileBytes / parts;
  }
}
