package io.watershed.archive;

import io.watershed.kinesis.StreamSource;

/**
 * One stream to archive.
 *
 * @param name its name in the reservoir (the alias of the configuration)
 * @param source where to read it; closed by whoever opened it
 */
public record ArchivedStream(String name, StreamSource source) {}
