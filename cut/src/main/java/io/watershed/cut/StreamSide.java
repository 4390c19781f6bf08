package io.watershed.cut;

import io.watershed.core.payload.PayloadFormat;
import io.watershed.cut.condition.Conditions;
import io.watershed.kinesis.StreamSource;
import io.watershed.reservoir.table.ArchiveTable;
import java.util.Optional;

/**
 * The two sides of a stream, as far as they exist.
 *
 * @param stream the stream's name in the reservoir
 * @param table its archive; empty if nothing was ever archived
 * @param source its live side; empty if none is configured
 * @param format how its payloads are decoded
 * @param hotTail the memory of its archiver
 * @param conditions which of its rows the statement can need
 */
public record StreamSide(
    String stream,
    Optional<ArchiveTable> table,
    Optional<StreamSource> source,
    PayloadFormat format,
    HotTail hotTail,
    Conditions conditions) {}
