/**
 * The real archiver and archive table under one seed: virtual time, a model of Kinesis and one of
 * an object store that are hostile by default, processes that crash, sleep and race, and a judge
 * that knows every record that was put (PROTOCOL 9; docs/simulation.md). One thread runs at a time,
 * so the same seed gives the same run.
 *
 * <p>{@link io.watershed.simulator.Simulator} runs seeds. Nothing here is used by production code.
 */
@NullMarked
package io.watershed.simulator;

import org.jspecify.annotations.NullMarked;
