/**
 * Follows a stream: records in order from a place in the archive or in the stream, over the seam
 * between both, and on as they come. The public face: {@link io.watershed.query.follow.Follower}.
 * How records are shown is the caller's business; so are signals.
 */
@NullMarked
package io.watershed.query.follow;

import org.jspecify.annotations.NullMarked;
