package io.watershed.archive.verify;

import io.watershed.reservoir.table.DataFileInfo;
import io.watershed.reservoir.table.FileSums;

/** A file that the table lists, with the sums in its footer. */
record Footer(DataFileInfo file, FileSums sums) {}
