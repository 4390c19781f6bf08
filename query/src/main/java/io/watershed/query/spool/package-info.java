/**
 * A result on its way: its values as bytes, for a pipe between two processes of one build, and for
 * a temporary file from which a result is read page by page and written in any format.
 */
@NullMarked
package io.watershed.query.spool;

import org.jspecify.annotations.NullMarked;
