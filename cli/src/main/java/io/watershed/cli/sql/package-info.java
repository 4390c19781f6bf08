/**
 * Running statements for a person or a script: where statements end, backslash commands, where
 * results go, progress, Ctrl-C. Knows no line editor; the interactive shell is in {@code shell}.
 */
@NullMarked
package io.watershed.cli.sql;

import org.jspecify.annotations.NullMarked;
