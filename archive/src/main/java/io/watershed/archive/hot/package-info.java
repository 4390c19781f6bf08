/**
 * The archiver's end of the hot tail: a local socket per stream, on which statements of the same
 * user get what was read and not committed (PROTOCOL 5.4); statements of the archiver's own process
 * get it without. It looks at {@code PendingRecords} and touches nothing else of the archiver.
 * Frames and rules are in {@code core}, package {@code hottail}.
 */
@NullMarked
package io.watershed.archive.hot;

import org.jspecify.annotations.NullMarked;
