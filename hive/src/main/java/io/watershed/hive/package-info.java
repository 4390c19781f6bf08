/**
 * An Apache Hive storage handler: a stream, its live side or its whole cut, as an external table
 * that can only be read. All scans of one Hive query share one cut ({@link
 * io.watershed.hive.QueryCut}); each task reads its share of it, no more and no less.
 *
 * <p>Compiled for Hive 3.1.3, which Amazon EMR runs; packed into one jar with everything that it
 * needs under names of its own, because Hive brings other versions.
 */
@NullMarked
package io.watershed.hive;

import org.jspecify.annotations.NullMarked;
