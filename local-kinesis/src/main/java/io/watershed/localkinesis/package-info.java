/**
 * A Kinesis-compatible HTTP endpoint in process: streams in memory behind the protocol of the real
 * service, with its limits, its errors and, on request, its worst habits. For the demo, tests and
 * simulation; it keeps nothing when it closes.
 *
 * <p>{@link io.watershed.localkinesis.LocalKinesis} is the way in. The state ({@code Account},
 * {@code LocalStream}, {@code LocalShard}) knows nothing of HTTP; the operations translate between
 * the two.
 */
@NullMarked
package io.watershed.localkinesis;

import org.jspecify.annotations.NullMarked;
