/**
 * Time as something that is handed in: the wall clock, a monotonic clock and timers behind one
 * interface, so that a seeded simulator can run hours of retries and idle polls in no time.
 */
@NullMarked
package io.watershed.core.time;

import org.jspecify.annotations.NullMarked;
