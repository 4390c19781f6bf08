package io.watershed.kinesis;

import java.math.BigInteger;
import java.util.Optional;

/**
 * One record to put.
 *
 * @param partitionKey 1 to 256 characters
 * @param explicitHashKey overrides the shard that the partition key would choose
 * @param payload shared, never modified
 */
@SuppressWarnings("ArrayRecordComponent") // a value to hand over, never compared
public record PutEntry(String partitionKey, Optional<BigInteger> explicitHashKey, byte[] payload) {}
