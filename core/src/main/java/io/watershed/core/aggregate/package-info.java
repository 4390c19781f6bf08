/**
 * Records that the Kinesis Producer Library packed into one: reading and writing its format. One
 * Kinesis record becomes the user records in it, or stays what it is and says why. Where records
 * are taken apart is the business of {@code io.watershed.kinesis}.
 *
 * <p>Format: https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
@NullMarked
package io.watershed.core.aggregate;

import org.jspecify.annotations.NullMarked;
