package io.watershed.bench;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a benchmark may use.
 *
 * @param workDirectory an empty folder for its files; the caller removes it
 * @param quick a fraction of the data, to see that it runs; figures mean little
 * @param progress takes one line for a person at a time
 */
public record BenchContext(Path workDirectory, boolean quick, Consumer<String> progress) {}
