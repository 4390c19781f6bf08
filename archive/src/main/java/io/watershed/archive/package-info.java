/**
 * The archiver: reads the shards of a stream by lineage, and commits records and checkpoints in one
 * transaction (PROTOCOL 1-3). Decisions are pure classes ({@code Lineage}, {@code CommitPlan},
 * {@code FenceWatch}); {@code StreamArchiver} applies them one step at a time on a {@code
 * StepLoop}, which is a thread in production and virtual time in a simulation. Encoding is in
 * {@code encode}, proofs in {@code verify}.
 */
@NullMarked
package io.watershed.archive;

import org.jspecify.annotations.NullMarked;
