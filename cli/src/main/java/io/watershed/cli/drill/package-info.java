/**
 * {@code dev drill}: a Drill cluster on this machine for trying things. Finds and unpacks the
 * archive that module drill-dist makes, and runs its processes. How Drill is configured is in that
 * archive's scripts, not here; how it is asked is elsewhere, too.
 */
@NullMarked
package io.watershed.cli.drill;

import org.jspecify.annotations.NullMarked;
