/**
 * The statement's end of the hot tail: asks the archiver on this machine for what it has read and
 * not committed (PROTOCOL 5.4). What may be used of an answer is decided in {@code cut}.
 */
@NullMarked
package io.watershed.query.hot;

import org.jspecify.annotations.NullMarked;
