/**
 * Brings what other tools archived into a stream's table (PROTOCOL 8): reads their objects, gives
 * each record a position in a shard of the import's own, and commits rows and the list of objects
 * together. The columns are made by the archive's encoder.
 */
@NullMarked
package io.watershed.archive.imports;

import org.jspecify.annotations.NullMarked;
