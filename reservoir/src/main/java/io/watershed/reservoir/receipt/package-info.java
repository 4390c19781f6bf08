/** Receipts: cuts in print, stored once under the hash of their body. */
@NullMarked
package io.watershed.reservoir.receipt;

import org.jspecify.annotations.NullMarked;
