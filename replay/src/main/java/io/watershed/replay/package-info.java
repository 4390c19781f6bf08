/**
 * Replay: freezes what is to be sent in a plan, sends it into a stream in order and within a pace,
 * keeps a ledger so that a run that ended early goes on, and audits the target afterwards (PROTOCOL
 * 6).
 *
 * <p>Not here: selecting records (query), writing in order (kinesis), the envelope and the
 * consumer's side of it (consumer).
 */
@NullMarked
package io.watershed.replay;

import org.jspecify.annotations.NullMarked;
