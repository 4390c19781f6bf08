package io.watershed.kinesis;

import io.watershed.core.record.StreamRecord;
import io.watershed.core.stream.Shard;
import java.util.List;
import java.util.Optional;

/**
 * One answer of GetRecords.
 *
 * @param records in shard order, possibly empty even before the tip
 * @param nextIterator where to go on; empty when the shard is closed and read to its end
 * @param millisBehindLatest 0 at the tip
 * @param childShards with the end of a shard: its children, if the service names them
 */
public record ReadBatch(
    List<StreamRecord> records,
    Optional<String> nextIterator,
    long millisBehindLatest,
    List<Shard> childShards) {}
