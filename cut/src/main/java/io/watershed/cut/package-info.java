/**
 * Cuts of statements: resolved once from the archive's checkpoints and the live side, frozen, and
 * printed as receipts that any later snapshot answers (PROTOCOL 5.1 to 5.3).
 */
@NullMarked
package io.watershed.cut;

import org.jspecify.annotations.NullMarked;
