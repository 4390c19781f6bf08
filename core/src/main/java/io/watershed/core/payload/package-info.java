/**
 * Payload columns: which typed columns a stream's payloads have, and the pure function from payload
 * bytes to their values (PROTOCOL 4).
 */
@NullMarked
package io.watershed.core.payload;

import org.jspecify.annotations.NullMarked;
