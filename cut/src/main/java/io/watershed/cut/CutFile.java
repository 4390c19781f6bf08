package io.watershed.cut;

import io.watershed.reservoir.table.DataFileInfo;

/**
 * A data file of a cut.
 *
 * @param file the file
 * @param filtered whether it also holds rows outside the cut
 */
public record CutFile(DataFileInfo file, boolean filtered) {}
