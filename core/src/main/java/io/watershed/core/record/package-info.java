/**
 * Records, their positions and their digests: the values everything else moves around. Immutable,
 * free of I/O.
 */
@NullMarked
package io.watershed.core.record;

import org.jspecify.annotations.NullMarked;
