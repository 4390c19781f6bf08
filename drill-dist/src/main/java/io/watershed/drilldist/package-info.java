/**
 * The processes of the Drill archive: one drillbit, and the ZooKeeper that a trial cluster needs.
 * The scripts in {@code bin} start them. Nothing here knows watershed's tables; what Drill can read
 * of them is in its storage plugin.
 */
@NullMarked
package io.watershed.drilldist;

import org.jspecify.annotations.NullMarked;
