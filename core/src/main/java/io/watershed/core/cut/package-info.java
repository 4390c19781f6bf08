/** Cuts: consistent reading points of streams (PROTOCOL 5), and the receipts that print them. */
@NullMarked
package io.watershed.core.cut;

import org.jspecify.annotations.NullMarked;
