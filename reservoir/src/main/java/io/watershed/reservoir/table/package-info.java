/**
 * The archive table of one stream: Iceberg metadata, checkpoints, commit and fencing (PROTOCOL
 * 1-3).
 */
@NullMarked
package io.watershed.reservoir.table;

import org.jspecify.annotations.NullMarked;
