/**
 * The interactive shell of {@code watershed sql}: the line editor (JLine), completion, history and
 * the pager. Nothing else may load JLine: an answer to one statement starts without it.
 */
@NullMarked
package io.watershed.cli.shell;

import org.jspecify.annotations.NullMarked;
