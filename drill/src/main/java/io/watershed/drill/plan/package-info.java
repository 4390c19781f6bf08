/**
 * What a statement's scan reads, as it travels from the planning drillbit to the others: the pinned
 * files, the ranges of shards, the columns. Values only.
 */
@NullMarked
package io.watershed.drill.plan;

import org.jspecify.annotations.NullMarked;
