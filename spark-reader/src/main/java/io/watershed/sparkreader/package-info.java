/**
 * Apache Spark in a process of its own, in local mode: statements in, rows out. Knows nothing of
 * watershed but where the archive tables are, so that what it says is another's word.
 */
@NullMarked
package io.watershed.sparkreader;

import org.jspecify.annotations.NullMarked;
