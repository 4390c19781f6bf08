/**
 * Records from a file or standard input: how a file is cut into payloads, where a partition key
 * comes from, and how far a put got. Nothing here knows Kinesis.
 */
@NullMarked
package io.watershed.cli.put;

import org.jspecify.annotations.NullMarked;
