package io.watershed.drill.read;

/** The rows of one unit. Not thread-safe. */
interface Rows extends AutoCloseable {
  /**
   * Fills in the next row.
   *
   * @param row cleared by this
   * @return whether there was one
   * @throws io.watershed.core.error.WatershedException what cannot be read
   */
  boolean next(Row row);

  @Override
  void close();

  /** None. */
  static Rows none() {
    return new Rows() {
      @Override
      public boolean next(Row row) {
        return false;
      }

      @Override
      public void close() {}
    };
  }
}
