/**
 * The replay ledger as it lies in the reservoir: where its objects are, and reading them. Nothing
 * here plans or runs a replay; module {@code replay} does, and writes what is read here.
 */
@NullMarked
package io.watershed.reservoir.replays;

import org.jspecify.annotations.NullMarked;
