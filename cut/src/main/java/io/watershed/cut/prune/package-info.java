/**
 * What a statement need not read: conditions of its SQL as ranges of physical columns, by which
 * data files are left out before anything of them is fetched. Only what is sure is left out.
 */
@NullMarked
package io.watershed.cut.prune;

import org.jspecify.annotations.NullMarked;
