/**
 * Proofs about an archive: that its files' footers tile every shard up to the checkpoint, that the
 * rows are what the footers say, and that they are what the stream still holds (PROTOCOL 3.7).
 * Results are values; printing is done elsewhere.
 */
@NullMarked
package io.watershed.archive.verify;

import org.jspecify.annotations.NullMarked;
