/**
 * What users put into their own consumers: the envelope that marks replayed records ({@code
 * docs/envelope.md}), and the order of versions that makes a consumer converge however live and
 * replayed records interleave (PROTOCOL 7).
 *
 * <p>Nothing here reads streams or storage, and the module has no dependencies.
 */
@NullMarked
package io.watershed.consumer;

import org.jspecify.annotations.NullMarked;
