/** Streams, their incarnations and the lineage of their shards. No I/O. */
@NullMarked
package io.watershed.core.stream;

import org.jspecify.annotations.NullMarked;
