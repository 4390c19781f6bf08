/**
 * Which rows a statement can need, as far as it is sure: comparisons of columns with constants,
 * whichever engine found them.
 */
@NullMarked
package io.watershed.cut.condition;

import org.jspecify.annotations.NullMarked;
