/**
 * Streams as watershed sees them: sources to read shards from, and sinks to put records into, over
 * the AWS SDK or over a simulated service. Nothing here knows about archives.
 */
@NullMarked
package io.watershed.kinesis;

import org.jspecify.annotations.NullMarked;
