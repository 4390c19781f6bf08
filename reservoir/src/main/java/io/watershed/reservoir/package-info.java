/**
 * The reservoir: the root that holds one archive table per stream, receipts and the replay ledger.
 * Engine-neutral: Iceberg metadata and objects, no rows.
 */
@NullMarked
package io.watershed.reservoir;

import org.jspecify.annotations.NullMarked;
