package io.watershed.bench;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What an {@link ArchiverProcess} did in the time that counts.
 *
 * @param records archived
 * @param payloadBytes of them
 * @param writtenBytes of the data files
 * @param cpuNanos processor time of the whole process
 * @param nanos wall time
 * @param peakBytes the largest resident size of the process, warm-up included
 * @param collectionMillis wall time of garbage collections
 * @param compilationMillis wall time of the JIT compiler's threads
 */
record Archived(
    long records,
    long payloadBytes,
    long writtenBytes,
    long cpuNanos,
    long nanos,
    long peakBytes,
    long collectionMillis,
    long compilationMillis) {

  String line() {
    return LongStream.of(
            records,
            payloadBytes,
            writtenBytes,
            cpuNanos,
            nanos,
            peakBytes,
            collectionMillis,
            compilationMillis)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" "));
  }

  static Archived parse(String line) {
    long[] w = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
    return new Archived(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
  }
}
