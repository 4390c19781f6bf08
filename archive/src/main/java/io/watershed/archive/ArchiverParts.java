package io.watershed.archive;

import io.watershed.core.config.ArchiveSettings;
import io.watershed.core.config.ShardReadSettings;
import io.watershed.core.time.Scheduler;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What an archiver of one stream works with.
 *
 * @param name the stream's name in the reservoir
 * @param sources opens the stream, anew for each incarnation
 * @param table opens the archive table, creating it if need be; may block and fail
 * @param files turns records into files
 * @param settings limits
 * @param reading how a shard is read
 * @param memory this stream's part of the memory for what is read
 * @param scheduler the time, and the steps: it must run one task at a time
 * @param blocking runs what blocks: the table and the encoder
 * @param random for jitter; used by steps only
 */
record ArchiverParts(
    String name,
    Supplier<StreamSource> sources,
    Supplier<ArchiveTable> table,
    CommitFiles files,
    ArchiveSettings settings,
    ShardReadSettings reading,
    MemoryShare memory,
    Scheduler scheduler,
    Executor blocking,
    RandomGenerator random) {}
