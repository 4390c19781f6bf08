/**
 * What is archived of a stream and what waits, from outside: by the table, and by one small read of
 * each unfinished shard. Works whether an archiver runs or not; what a running one does is {@link
 * io.watershed.archive.StreamStatus}.
 */
@NullMarked
package io.watershed.archive.overview;

import org.jspecify.annotations.NullMarked;
