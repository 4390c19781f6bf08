package io.watershed.core.hottail;

import io.watershed.core.config.PayloadSettings.Documents;
import java.util.UUID;

/**
 * What a statement asks an archiver for: everything that it holds of one stream. An archiver that
 * differs in any of these has nothing that this statement could use.
 *
 * @param table identity of the archive table that the statement has pinned
 * @param stream the stream's name in the reservoir
 * @param documents how Kinesis records are taken apart, which numbers the records in them
 */
public record HotQuestion(UUID table, String stream, Documents documents) {}
