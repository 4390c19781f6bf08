package io.watershed.reservoir.replays;

/**
 * A record that a replay left out because the target held a newer one of its partition key.
 *
 * @param place the record in the source
 * @param newer the version of the newer one, as {@code io.watershed.consumer.Version} writes it:
 *     its position on the target, or of a copy that another replay put there its origin
 */
public record SupersededRecord(StoredReplay.Place place, String newer) {}
