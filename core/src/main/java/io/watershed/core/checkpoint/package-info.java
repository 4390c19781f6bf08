/**
 * Checkpoints and gaps: what is archived of each shard, as values. How they are stored is the
 * reservoir's business.
 */
@NullMarked
package io.watershed.core.checkpoint;

import org.jspecify.annotations.NullMarked;
