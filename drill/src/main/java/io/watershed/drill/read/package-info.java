/**
 * Reads what a plan says, on any drillbit: parts of pinned data files and ranges of shards become
 * rows of the table's logical columns. Plans nothing and pins nothing.
 */
@NullMarked
package io.watershed.drill.read;

import org.jspecify.annotations.NullMarked;
