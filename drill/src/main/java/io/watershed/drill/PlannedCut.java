package io.watershed.drill;

/** What a planned scan knows of its statement's cut. */
interface PlannedCut {
  /** The receipt's id. */
  String receiptId();

  /** The statement is run. */
  void run();

  /** Of a plan that was given as text: its receipt was stored when it was first run, if it was. */
  static PlannedCut of(String receiptId) {
    return new PlannedCut() {
      @Override
      public String receiptId() {
        return receiptId;
      }

      @Override
      public void run() {}
    };
  }
}
