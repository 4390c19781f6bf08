/**
 * Objects on S3 or on disk behind one narrow interface, and the probe that refuses a store without
 * an atomic conditional create.
 */
@NullMarked
package io.watershed.reservoir.store;

import org.jspecify.annotations.NullMarked;
