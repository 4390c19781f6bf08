/**
 * The command line: one file per command, and what they share (global options, output, errors,
 * logging, connections). Commands parse, wire and print; what they do lives in the modules below.
 */
@NullMarked
package io.watershed.cli;

import org.jspecify.annotations.NullMarked;
