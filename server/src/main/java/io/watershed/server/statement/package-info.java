/**
 * Statements of callers: run in the background with their results in files, or streamed at once.
 * What SQL means is {@code query}'s.
 */
@NullMarked
package io.watershed.server.statement;

import org.jspecify.annotations.NullMarked;
