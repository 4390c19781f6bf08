/**
 * The demo: everything at once on this machine, as a story for a person or as one JSON line for a
 * program. It uses the same commands and modules as anybody else, and checks what it shows.
 */
@NullMarked
package io.watershed.cli.demo;

import org.jspecify.annotations.NullMarked;
