package io.watershed.cli.demo;

/**
 * What the demo knows of one stream at its end. Put is what the producer was acknowledged; the
 * others are counted by SQL in one statement, so in one cut.
 *
 * @param stream the stream
 * @param put records acknowledged by the stream
 * @param archived records in the archive's part of the cut
 * @param live records in the live part of the cut
 * @param view records in the whole
 * @param distinct different positions in the whole
 * @param gaps recorded gaps
 */
record DemoCounts(
    String stream, long put, long archived, long live, long view, long distinct, long gaps) {
  boolean right() {
    return put == view && view == distinct && archived + live == view && gaps == 0 && put > 0;
  }

  String line() {
    return "%s: %,d put = %,d in the view (%,d archived + %,d live) = %,d distinct, %d gaps%s"
        .formatted(stream, put, view, archived, live, distinct, gaps, right() ? "" : "   <- WRONG");
  }
}
