package io.watershed.cli.iam;

/** A kind of access that a command can need. */
enum Access {
  /** Describe streams, list their shards, read their records. */
  READ_STREAMS,
  /** List the account's streams. */
  LIST_STREAMS,
  /** Describe the target of a replay, and put records. */
  WRITE_TARGET,
  /** List and read objects. */
  READ_RESERVOIR,
  /** Write objects anywhere below the reservoir. */
  WRITE_RESERVOIR,
  /** Write receipts, nothing else. */
  WRITE_RECEIPTS,
  /** Delete objects. */
  DELETE_RESERVOIR,
  /** Point the catalog's tables to what was committed. */
  WRITE_CATALOG
}
