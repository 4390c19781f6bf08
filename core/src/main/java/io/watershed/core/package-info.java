/**
 * The values and rules that every layer shares, free of I/O: records, lineage, checkpoints, cuts,
 * payload columns, configuration and errors.
 */
@NullMarked
package io.watershed.core;

import org.jspecify.annotations.NullMarked;
