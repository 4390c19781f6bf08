/**
 * Benchmarks: each figure with its unit, its goal and a reference that the same run measured, so
 * that a slow machine slows both. {@link io.watershed.bench.Benchmarks} lists them; {@code
 * watershed dev bench <name>} runs one.
 */
@NullMarked
package io.watershed.bench;

import org.jspecify.annotations.NullMarked;
