package io.watershed.archive.imports;

import java.time.Instant;

/**
 * An object of another tool.
 *
 * @param key in its store
 * @param location as a URI: its name for ever
 * @param sizeBytes its size
 * @param lastModified when it was written
 */
record SourceObject(String key, String location, long sizeBytes, Instant lastModified) {}
